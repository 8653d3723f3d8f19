import type { CommandDefinition } from '../command-table.ts';
import { UsageError } from '../usage-error.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/**
 * `generate-shell-completion SHELL`: a script that asks `shoal complete` for candidates, on standard output.
 * The library writes it there itself.
 */
export const generateShellCompletion: CommandDefinition = {
  arguments: [
    {
      name: 'SHELL',
      description: `The shell to generate the completion script for: ${SHELLS.join(', ')}`,
      required: true,
      many: false,
    },
  ],
  groups: [],
  settings: 'none',
  run: async ({ words }) => {
    const shell = SHELLS.find((one) => one === words[0]);
    if (shell === undefined)
      throw new UsageError(`invalid value '${words[0]}' for '<SHELL>'\n  [possible values: ${SHELLS.join(', ')}]`);
    const { default: completion } = await import('@bomb.sh/tab');
    completion.setup('shoal', 'shoal', shell);
    return 0;
  },
};
