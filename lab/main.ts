/** The page: four parts, each with its own worker. */
import { startAttacking } from './attack-panel.ts';
import { startEncrypting } from './encrypt-panel.ts';
import { startJudging } from './pairs-panel.ts';
import { startReviewing } from './review-panel.ts';

startAttacking();
startJudging();
startReviewing();
void startEncrypting();
