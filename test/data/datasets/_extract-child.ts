/** `extract ARCHIVE FOLDER` in a process of its own; prints files, bytes and the greatest memory in MiB as JSON. */
import { extract } from '../../../src/data/datasets/archives/extract.ts';

const [archive, folder] = process.argv.slice(2);
const isImage = (path: string): boolean => path.endsWith('.png');
const { files } = await extract({
  archive: archive!,
  folder: folder!,
  images: null,
  place: (path) => path,
  isImage,
});
const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
const peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ files: files.length, bytes, sha256: files.map((file) => file.sha256), peak }));
