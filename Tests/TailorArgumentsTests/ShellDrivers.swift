/// Scripts for the shells themselves, run in the session's folder `files`.
enum ShellDrivers {
    /// Asks for what is offered for each line of ../lines; a line is printed before its words.
    static let bash = #"""
        source ../tailor.bash
        source ../tailor-runtime.bash
        # As it is where somebody took = and : out, so that whole words are offered.
        COMP_WORDBREAKS=$' \t\n"\'><;|&('
        while IFS= read -r line; do
            COMP_LINE=$line COMP_POINT=${#line}
            case $line in
                tailor-runtime*) _tailor_runtime ;;
                *) _tailor ;;
            esac
            printf '%s\n' "$ $line"
            # Words are quoted already.
            for word in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do
                case $word in
                    *\\*) eval "word=$word" ;;
                esac
                printf '%s\n' "$word"
            done
        done < ../lines
        """#

    static let fish = #"""
        source ../tailor.fish
        source ../tailor-runtime.fish
        while read -l line
            echo "\$ $line"
            complete -C $line
        end < ../lines
        """#

    /// Types into an interactive zsh, in which what `compadd` matches is written to ../offers as well.
    static let zsh = #"""
        zmodload zsh/zpty
        zpty -b shell env TERM=dumb zsh -f -i
        zpty -w shell 'source ../child.zsh'
        zpty -r -m shell log '*ready*'
        zpty -w -n shell $'\C-t'
        while zpty -t shell; do zpty -r -t shell chunk; sleep 0.01; done
        cat ../offers
        """#

    static let zshChild = #"""
        autoload -Uz compinit
        compinit -D -u
        source ../tailor.zsh
        source ../tailor-runtime.zsh
        # Descriptions are cut off at the terminal's width.
        COLUMNS=200
        setopt extendedglob
        compadd() {
            # Those that look on (-O, -A, -D) offer nothing.
            if [[ -n ${(M)@[1,(i)(-|--)]:#-[a-zA-Z0-9]#[OAD]*} ]]; then builtin compadd "$@"; return; fi
            local -a found
            builtin compadd -O found "$@"
            local before=$IPREFIX place=${@[(i)-p]}
            if (( place <= $# )); then before+=${@[place+1]}; fi
            print -rl -- $before${(Q)^found} >> ../offers
            place=${@[(i)-d]}
            if (( place <= $# )); then print -rl -- ${(P)@[place+1]} >> ../described; fi
            builtin compadd "$@"
        }
        each() {
            local line
            for line in "${(@f)$(<../lines)}"; do
                BUFFER=$line CURSOR=$#line
                print -r -- "$ $line" >> ../offers
                zle complete-word
            done
            exit
        }
        zle -N each
        bindkey '^T' each
        print ready
        """#

    /// Start files of interactive shells in which ^T writes the line to ../typed and empties it.
    static let bashStart = #"""
        PS1='> '
        source ../tailor.bash
        source ../tailor-runtime.bash
        bind 'set bell-style none'
        keep() { printf '%s\n' "$READLINE_LINE" >> ../typed; READLINE_LINE='' READLINE_POINT=0; }
        bind -x '"\C-t": keep'
        """#

    static let zshStart = #"""
        fpath=($PWD/../functions $fpath)
        autoload -Uz compinit
        compinit -D -u
        keep() { print -r -- "$BUFFER" >> ../typed; BUFFER=''; }
        zle -N keep
        bindkey '^T' keep
        """#

    static let fishStart = #"""
        source ../tailor.fish
        source ../tailor-runtime.fish
        function keep
            echo -- (commandline) >> ../typed
            commandline ''
        end
        bind \ct keep
        function fish_prompt
            echo '> '
        end
        set fish_greeting
        """#
}
