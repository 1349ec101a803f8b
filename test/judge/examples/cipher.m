% A logistic map as keystream, for Octave and MATLAB: octave cipher.m IN OUT KEY, both ways.
args = argv();
picture = imread(args{1});
file = fopen(args{3}); key = fread(file, Inf, 'uint8')'; fclose(file);
x = sum(key .* (2 .^ (-8 * (1:numel(key))))) * 0.98 + 0.01;
stream = zeros(size(picture), 'uint8');
for i = 1:numel(picture)
  x = 3.99 * x * (1 - x);
  stream(i) = mod(floor(x * 1e6), 256);
end
imwrite(bitxor(picture, stream), args{2});
