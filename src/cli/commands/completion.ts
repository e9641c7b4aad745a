import { EXIT, usageError } from '../../errors.js'
import { say } from '../../language/say.js'
import { BASH_COMPLETION } from '../bash-completion.js'
import { printedBy } from '../io.js'
import { defineCommand } from '../spec.js'

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

type Shell = (typeof SHELLS)[number]

/** How each shell is given the script for good. */
const INSTALL: Readonly<Record<Shell, string>> = {
  bash: `echo 'source <(seckill completion bash)' >> ~/.bashrc`,
  zsh: `echo 'source <(seckill completion zsh)' >> ~/.zshrc`,
  fish: 'seckill completion fish > ~/.config/fish/completions/seckill.fish',
  powershell: 'seckill completion powershell >> $PROFILE',
}

export const completion = defineCommand({
  examples: Object.values(INSTALL),
  run: async (context, _options, [word = '']) => {
    const shell = SHELLS.find((one) => one === word)
    if (shell === undefined)
      throw usageError(say`no completion for ${JSON.stringify(word)}`, say`one of: ${SHELLS.join(say`, `)}`)
    const text = await scriptFor(shell)
    context.print(text)
    // A shell that reads it at each start wants to hear nothing more.
    if (context.io.stdout.isTerminal) context.note(say`to keep it: ${INSTALL[shell]}`)
    return { json: { shell, script: text }, exitCode: EXIT.ok }
  },
})

const scriptFor = async (shell: Shell): Promise<string> => {
  if (shell === 'bash') return BASH_COMPLETION
  const { script } = await import('@bomb.sh/tab')
  return printedBy(() => script(shell, 'seckill', 'seckill'))
}
