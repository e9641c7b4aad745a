/**
 * The script for bash, our own: what has been typed reaches the program as it stands and is never evaluated; bash alone is
 * needed, from 3.2 on.
 */
export const BASH_COMPLETION = `# bash completion for seckill
_seckill() {
  local words=() word last i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    last=$((\${#words[@]} - 1))
    # bash takes --flag=value and host:port apart.
    if ((last >= 0)) && [[ $word == [=:]* || \${words[last]} == *[=:] ]]; then
      words[last]+=$word
    else
      words+=("$word")
    fi
  done
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    [[ $word == :* ]] || COMPREPLY+=("$word")
  done < <(seckill complete -- "\${words[@]}" 2>/dev/null)
  # Behind a folder goes on what is in it.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F _seckill seckill`
