/** What a run lacks that its report would show: the report says it first, and shows what there is. */
import { imageLabel, methodLabel, networkMethods } from '../tables/labels.ts';
import { methodIds, type ReproductionResults, sampleIds, table7Ids } from '../tables/results.ts';
import type { Picture } from './pictures.ts';

/** @returns a sentence for each kind of thing that is missing; none for a whole run */
export function missingOf(results: ReproductionResults, pictures: readonly Picture[]): string[] {
  return [
    missingImages(results),
    missingCells(results),
    missingNetworks(results),
    missingTimes(results),
    missingPictures(results, pictures),
  ].filter((sentence) => sentence !== null);
}

function missingImages({ images }: ReproductionResults): string | null {
  const there = new Set<string>(images.map(({ id }) => id));
  const lacking = [...sampleIds, ...table7Ids].filter((id) => !there.has(id));
  return told(lacking.map(imageLabel), 'run.json lacks the images');
}

function missingCells({ images, cells }: ReproductionResults): string | null {
  const there = new Set(cells.map(({ image, method }) => `${image} ${method}`));
  const lacking = images.flatMap(({ id }) =>
    methodIds
      .filter((method) => !there.has(`${id} ${method}`))
      .map((method) => `${imageLabel(id)} by ${methodLabel(method)}`),
  );
  const all = images.length * methodIds.length;
  return told(lacking, `${lacking.length} of ${all} pairs of image and method are not in run.json`);
}

function missingNetworks({ training }: ReproductionResults): string | null {
  const there = new Set<string>(training.map(({ map, net }) => `${map}+${net}`));
  const lacking = networkMethods.filter((method) => !there.has(method));
  return told(lacking.map(methodLabel), 'run.json lacks the trainings');
}

function missingTimes({ timings }: ReproductionResults): string | null {
  const there = new Set(timings.map(({ method }) => method));
  const lacking = methodIds.filter((method) => !there.has(method));
  return told(lacking.map(methodLabel), 'run.json lacks the times (Table 2)');
}

function missingPictures({ images }: ReproductionResults, pictures: readonly Picture[]): string | null {
  const there = new Set(pictures.map(({ image }) => image));
  const lacking = images.filter(({ id }) => !there.has(id));
  const what = 'Without thumbnails, histograms and correlation plots, for want of their files in images/';
  return told(
    lacking.map(({ id }) => imageLabel(id)),
    what,
  );
}

/** More than these are only counted. */
const mostNamed = 8;

function told(names: readonly string[], what: string): string | null {
  return names.length === 0 ? null : `${what}: ${named(names)}.`;
}

/** `1, 2, 3 and 9 more` */
export function named(names: readonly (string | number)[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
