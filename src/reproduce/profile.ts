/** How large a reproduction is. The two profiles live in experiments/. */
import { InputError, messageOf } from '../shared/errors.ts';
import { checked, number, type Of, z } from '../shared/schema.ts';
import { netNames } from '../shared/types.ts';
import { someDateTraining, trainConfig } from '../training/config.ts';

const name = 'a name of letters, digits and dashes';
/** Training options that a profile may set. */
const training = someDateTraining.omit({ net: true, map: true, seed: true });

export const profileSchema = z.strictObject({
  name: z.string(name).regex(/^[\w-]+$/, name),
  /** For all four networks. */
  train: training,
  /** Options by network. */
  nets: z.strictObject({ resnet18: training, mobilenetv2: training }),
  /** Laid over both where no native engine runs. */
  fallback: training.extend({ maxSeconds: number(1, 1e7) }),
  /** Timed repeats of each method and size for Table 2; the median is shown. */
  timingRepeats: z.int().min(1),
  /** Factor on the sides of all pictures; 1 but for tests. */
  imageScale: number(1e-6, 1, 'a factor above 0, at most 1').optional(),
});
export type Profile = Of<typeof profileSchema>;

/**
 * A profile of the user's own.
 * @throws InputError naming the first value that is missing, wrong or unknown
 */
export function checkedProfile(given: unknown, path: string): Profile {
  try {
    const profile = checked(profileSchema, given);
    const { train, nets, fallback } = profile;
    for (const net of netNames)
      for (const smaller of [{}, fallback]) trainConfig({ ...train, ...nets[net], ...smaller, net });
    return profile;
  } catch (error) {
    throw new InputError(`profile ${path}: ${messageOf(error)}; see experiments/reproduce-quick.ts`);
  }
}
