/** `medchaos completion SHELL`: the script that completes commands, options and choices. */
import { option } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { common } from './_command-line.ts';
import { entries } from './_commands.ts';
import { declaredBy } from './_declared.ts';

/** Lets zsh run a completion that was written for bash. */
const bashInZsh = `autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
`;

/** Text before the script of bash. */
const shells = { bash: '', zsh: bashInZsh };
const shellNames = Object.keys(shells) as (keyof typeof shells)[];

const completionCommand = command({
  examples: [
    ['completion bash > ~/.local/share/bash-completion/completions/medchaos', 'bash, from its next start'],
    ['completion zsh >> ~/.zshrc', 'zsh, from its next start'],
  ],
  positionals: {
    shell: option(oneOf(shellNames), { required: true, help: 'the shell that runs the script' }),
  },
  run: async ({ shell }) => {
    const script = shells[shell] + (await bashScript());
    return { json: { shell, script }, text: script };
  },
});
export default completionCommand;

async function bashScript(): Promise<string> {
  const cases = await Promise.all(Object.keys(entries).map(casesOf));
  return `_medchaos() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=''
  if [ "$COMP_CWORD" = 1 ]; then
    words='${Object.keys(entries).join(' ')} --help --version'
  else
    case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]} $word" in
${cases.flat().join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _medchaos medchaos`;
}

/** Branches of the script: choices of an option, all options, choices of the first argument. */
async function casesOf(name: string): Promise<string[]> {
  const { options, words } = declaredBy((await entries[name]!.load()).default);
  const branch = (pattern: string, list: readonly (string | number)[]): string =>
    `      ${pattern}) words='${list.join(' ')}' ;;`;
  const chosen = [...options].filter(([, choices]) => choices.length > 0);
  return [
    ...chosen.map(([option, choices]) => branch(`'${name} --${option} '*`, choices)),
    branch(
      `'${name} '*' -'*`,
      [...options.keys(), ...common].map((option) => `--${option}`),
    ),
    ...(words.length > 0 ? [branch(`'${name} ${name} '*`, words)] : []),
  ];
}
