# docker build -t medchaos . && docker run --rm medchaos
FROM node:22-bookworm
RUN apt-get update \
  && apt-get install -y --no-install-recommends chromium g++ openssl python3 python3-pip python3-venv \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /medchaos
COPY . .
RUN npm install && npm run doctor -- --setup
CMD ["npm", "test"]
