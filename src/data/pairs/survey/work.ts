/** The work of one thread of a survey. */
import sharp from 'sharp';
import { lookAtBatch } from './look.ts';

// One image at a time: the threads of the survey are the parallel ones.
sharp.concurrency(1);
sharp.cache(false);

export default lookAtBatch;
