/** `datasets import` of one set that a file describes: `_import-child.ts DATA SET ARCHIVE`. */
import { readFileSync } from 'node:fs';
import { importArchives } from '../../src/data/datasets/import.ts';

const [data, set, archive] = process.argv.slice(2) as [string, string, string];
const described = JSON.parse(readFileSync(set, 'utf8'));
await importArchives({ data, set: described.id, files: [archive], sets: [described] });
