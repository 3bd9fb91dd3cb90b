extension BashCompletion {
    var divide: String {
        #"""
        # Divides the line before the cursor as the shell would. Sets 'words' (without their quotes; the last is to be
        # completed), 'quote' (the one that is open), 'stem' (what readline keeps of the last word, because it
        # replaces only what follows a break such as = or :), 'expands' (the last word holds a variable or a command)
        # and 'redirects' (the last word names a file after < or >).
        \#(prefix)__divide() {
            # Before bash 4.3 COMP_POINT counts bytes.
            if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 403)); then local LC_ALL=C; fi
            local line=${COMP_LINE:0:COMP_POINT} i=0 c word='' begun=''
            words=() quote='' stem='' expands='' redirects=''
            while ((i < ${#line})); do
                c=${line:i:1}
                ((i += 1))
                case $quote$c in
                    "'" | '"') quote=$c begun=1 ;;
                    "''" | '""') quote='' ;;
                    "'"*) word+=$c ;;
                    \"\\)
                        c=${line:i:1}
                        case $c in
                            '$' | '`' | '"' | \\) word+=$c ;;
                            *) word+=\\$c ;;
                        esac
                        ((i += 1))
                        ;;
                    '"$' | '"`') word+=$c expands=1 ;;
                    '"'*) word+=$c ;;
                    \\)
                        word+=${line:i:1} begun=1
                        ((i += 1))
                        ;;
                    [[:space:]])
                        if [[ -n $begun ]]; then
                            if [[ -z $redirects ]]; then words+=("$word"); fi
                            word='' begun='' stem='' expands='' redirects=''
                        fi
                        ;;
                    '<' | '>')
                        # The number in 2> is no word.
                        if [[ -n $begun && $word == *[!0-9\&]* ]]; then words+=("$word"); fi
                        word='' begun='' stem='' expands='' redirects=1
                        ;;
                    *)
                        word+=$c begun=1
                        if [[ $COMP_WORDBREAKS == *"$c"* ]]; then stem=$word; fi
                        if [[ $c == '$' || $c == '`' ]]; then expands=1; fi
                        ;;
                esac
            done
            words+=("$word")
        }

        """#
    }

    var finish: String {
        #"""
        # Takes off what readline keeps. Paths are quoted by readline, words here, and paths, too, where bash is too old.
        \#(prefix)__finish() {
            local i item modern=''
            if type compopt >/dev/null 2>&1; then modern=1; fi
            if [[ -n $files && -n $modern && $stem == "$before" ]]; then
                compopt -o filenames 2>/dev/null
            fi
            for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
                item=${COMPREPLY[i]#"$stem"}
                if [[ -z $files || -z $modern || $stem != "$before" ]]; then
                    \#(prefix)__quote "$item" "${COMPREPLY[i]#"$before"}"
                fi
                COMPREPLY[i]=$item
            done
        }

        # Sets 'item' to the text, quoted as it must be at the cursor, with what readline does not add itself.
        \#(prefix)__quote() {
            local i=0 c path=$2
            item=''
            if [[ $path == \~/* ]]; then path=$HOME${path#'~'}; fi
            while ((i < ${#1})); do
                c=${1:i:1}
                case $quote in
                    \") if [[ $c == [\"\$\`\\] ]]; then item+=\\; fi ;;
                    \') ;;
                    *)
                        case $c in
                            '~') if ((i > 0)); then item+=\\; fi ;;
                            [[:space:]\"\'\`\$\\\;\&\|\<\>\(\)\{\}\[\]\*\?\!#]) item+=\\ ;;
                        esac
                        ;;
                esac
                item+=$c
                ((i += 1))
            done
            if [[ -n $files && -d $path ]]; then
                item+=/
                compopt -o nospace 2>/dev/null
            elif [[ -z $modern && -z $quote ]]; then
                item+=' '
            fi
        }

        """#
    }
}
