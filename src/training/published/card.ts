/** The model card of a published network: Markdown, with the head that hubs read. */
import type { EpochRecord } from '../fit.ts';
import type { Study } from '../study/study.ts';
import { studyLines } from '../study/text.ts';
import type { Published } from './format.ts';

export interface CardFacts {
  readonly published: Published;
  readonly epochs: readonly EpochRecord[];
  readonly study: Study | null;
  /** What computed the training, in words. */
  readonly engine: string;
  readonly licence: string;
}

export const cardOf = (facts: CardFacts): string =>
  [head(facts), what(facts), figures(facts), limits(facts), use(facts), options(facts), licence(facts)].join(
    '\n',
  );

const titleOf = ({ net, outputs }: Published): string =>
  `${net}: from a picture of a date to ${outputs.map(({ name }) => name).join(', ')}`;

const head = ({ published, licence }: CardFacts): string => `---
license: ${licence}
library_name: pytorch
tags:
  - medchaos
  - image-regression
  - ${published.net}
---

# ${titleOf(published)}
`;

function what({ published }: CardFacts): string {
  const { net, torchvision, size, training, outputs } = published;
  return `## What it learned

The network is a ${net} (\`torchvision.models.${torchvision}\`) with ${outputs.length} output${outputs.length > 1 ? 's' : ''}. It sees a picture of a date, ${size} x ${size}
(encoder \`${training.encoder}\`), and answers with parameters of the chaotic map \`${training.map}\`. The target is \`${training.target}\`.

| output | 0 stands for | 1 stands for |
|---|---|---|
${outputs.map(({ name, low, high }) => `| ${name} | ${low} | ${high} |`).join('\n')}

## What it was trained on

${dataOf(published)} It began from ${training.init === null ? 'random weights' : `the weights of \`${training.init}\``}.
`;
}

function dataOf({ training }: Published): string {
  const { pairs, valPairs, manifest, dates } = training;
  const count = Number(pairs).toLocaleString('en');
  const held = Number(valPairs).toLocaleString('en');
  if (manifest !== null && manifest !== undefined)
    return `The dates of ${count} images, of the manifest \`${manifest}\`; ${held} others validate it.`;
  const fresh = dates === 'fresh' ? ' in each epoch, new ones each time' : '';
  return `${count} synthetic dates${fresh}; ${held} others validate it. No picture of a patient was used.`;
}

function figures({ published, epochs, study, engine }: CardFacts): string {
  const judged = judgedEpoch(published, epochs);
  const text = (values: readonly number[], k: number): string => String(Number(values[k]!.toPrecision(4)));
  const rows = published.outputs.map(
    ({ name, low, high }, k) =>
      `| ${name} | ${text(judged?.valR2 ?? [Number.NaN], k)} | ${text(
        (judged?.valMae ?? []).map((mae) => mae * (high - low)),
        k,
      )} |`,
  );
  const table = judged
    ? `Held-out dates after epoch ${judged.epoch} (${judged.imagesSeen.toLocaleString('en')} pictures seen, ${Math.round(judged.seconds)} s on ${engine}):

| output | R2 | mean absolute error |
|---|---|---|
${rows.join('\n')}
`
    : 'The run has lost its metrics.\n';
  const studied = study
    ? `\nA study of its keys says:\n\n${studyLines(study)
        .map((line) => `    ${line}`)
        .join('\n')}\n`
    : '';
  return `## Figures\n\n${table}${studied}`;
}

/** With patience the best epoch, whose weights were kept; else the last. */
const judgedEpoch = ({ training }: Published, epochs: readonly EpochRecord[]): EpochRecord | undefined =>
  (training.patience ?? null) === null ? epochs.at(-1) : [...epochs].sort((a, b) => a.valLoss - b.valLoss)[0];

const limits = ({ published }: CardFacts): string => `## Limits

The network gives parameters of a scheme that is broken. It must not protect patients. Its outputs are a function of the date
alone, so it adds nothing to the entropy of the date. Another engine may differ in the last bits, and with
them in the key. A picture that \`${published.training.encoder}\` did not draw gives numbers without meaning.
`;

const use = (facts: CardFacts): string => `## Use

\`example.png\` shows ${facts.published.example.date}. \`config.json\` has its outputs.

In PyTorch (\`pip install torch torchvision safetensors pillow\`):

\`\`\`python
${pythonOf(facts.published)}
\`\`\`

In TensorFlow.js (\`npm install @tensorflow/tfjs medchaos\`). In a browser \`tf.loadLayersModel('model.json')\` and
\`tf.browser.fromPixels(image)\` take the place of the first lines:

\`\`\`js
${scriptOf(facts.published)}
\`\`\`

In medchaos:

    npx medchaos weights import FOLDER --out ${facts.published.run}
    npx medchaos study ${facts.published.run}
`;

const pythonOf = ({ torchvision, outputs }: Published): string => `import json
import torch
import torchvision
from PIL import Image
from safetensors.torch import load_file

config = json.load(open("config.json"))
model = torchvision.models.${torchvision}(num_classes=${outputs.length})
model.load_state_dict(load_file("model.safetensors"))
model.eval()
picture = torchvision.transforms.functional.to_tensor(Image.open("example.png"))
with torch.no_grad():
    outputs = torch.sigmoid(model(picture.unsqueeze(0)))[0].tolist()
for output, value in zip(config["outputs"], outputs):
    print(output["name"], output["low"] + (output["high"] - output["low"]) * value)`;

const scriptOf = ({ size }: Published): string => `import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { readImage } from 'medchaos';

const config = JSON.parse(readFileSync('config.json', 'utf8'));
const { modelTopology, weightsManifest } = JSON.parse(readFileSync('model.json', 'utf8'));
const weightData = new Uint8Array(readFileSync('weights.bin')).buffer;
const files = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
const model = await tf.loadLayersModel(tf.io.fromMemory(files));
const { data } = await readImage('example.png', { channels: 'rgb' });
const picture = tf.tensor4d(Float32Array.from(data), [1, ${size}, ${size}, 3]).div(255);
const outputs = model.predict(picture).dataSync();
for (const [i, { name, low, high }] of config.outputs.entries())
  console.log(name, low + (high - low) * outputs[i]);`;

const options = ({ published: { training } }: CardFacts): string => `## Options of the training

| option | value |
|---|---|
${Object.entries(training)
  .filter(([, value]) => value !== null)
  .map(([name, value]) => `| ${name} | ${String(value)} |`)
  .join('\n')}
`;

const licence = ({ licence, published: { training } }: CardFacts): string => `## Licence

${licence}.${training.init === null ? '' : ` The terms of the weights that it began from (\`${training.init}\`) hold too.`}${
  training.manifest === null ? '' : ' So do the terms of the images whose dates it saw.'
}
`;
