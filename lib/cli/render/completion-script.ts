export type Shell = "bash" | "zsh" | "fish";

/** A script that asks `sluice __complete` for what may come next; where that knows nothing, it may be a file or folder. */
export function renderCompletionScript(shell: Shell): string {
  switch (shell) {
    case "bash":
      return BASH;
    case "zsh":
      return ZSH;
    case "fish":
      return FISH;
  }
}

const BASH = `# bash completion for sluice
_sluice() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _sluice sluice
`;

const ZSH = `#compdef sluice
_sluice() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [ -n "$candidates" ]; then
    compadd -a candidates
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_sluice" ]; then
  _sluice "$@"
else
  compdef _sluice sluice
fi
`;

const FISH = `# fish completion for sluice
function __sluice_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates ($words[1] __complete -- $words[2..-1] 2>/dev/null)
  if test (count $candidates) -gt 0
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c sluice -e
complete -c sluice -f -a '(__sluice_complete)'
`;
