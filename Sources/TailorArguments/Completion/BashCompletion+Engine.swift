extension BashCompletion {
    /// The functions that are the same for every program.
    var engine: String {
        [main, walk, offer, paths, divide, finish].joined(separator: "\n")
    }

    private var main: String {
        #"""
        \#(prefix)() {
            local IFS=$' \t\n'
            local words quote stem expands redirects current before=''
            local command='' below option takes given=' ' place=0 pending='' ended='' asks='' lost='' expected files=''
            COMPREPLY=()
            \#(prefix)__divide
            current=${words[${#words[@]} - 1]}
            \#(prefix)__walk
            \#(prefix)__commands
            if [[ -n $redirects ]]; then
                \#(prefix)__paths .
            elif [[ -n $lost ]]; then
                return
            elif [[ -n $pending ]]; then
                \#(prefix)__values "$pending"
            elif [[ -n $asks ]]; then
                \#(prefix)__words ${below[@]+"${below[@]}"}
            elif [[ -z $ended && $current == --*=* ]]; then
                \#(prefix)__attached "${current%%=*}" "${current%%=*}="
            elif [[ -z $ended && $current == -[!-]?* ]]; then
                \#(prefix)__attached "${current:0:2}" "${current:0:2}"
            elif [[ -z $ended && $current == -* ]]; then
                \#(prefix)__options
            elif [[ ${#below[@]} -gt 0 ]]; then
                \#(prefix)__words "${below[@]}" help
            else
                \#(prefix)__values "$place"
                if [[ -z $expected && -z $ended ]]; then \#(prefix)__options; fi
            fi
            \#(prefix)__finish
        }

        # Offers the value that is written together with its option.
        \#(prefix)__attached() {
            \#(prefix)__find "$1"
            if [[ -z $takes ]]; then return; fi
            before=$2 current=${current#"$2"}
            \#(prefix)__values "$option"
        }

        """#
    }

    private var walk: String {
        #"""
        # Reads the words before the cursor's: which command, how many arguments, which options, whose value is next.
        \#(prefix)__walk() {
            local i word
            for ((i = 1; i < ${#words[@]} - 1; i++)); do
                word=${words[i]}
                if [[ -n $pending ]]; then
                    pending=''
                elif [[ -n $ended ]]; then
                    ((place += 1))
                else
                    case $word in
                        --) ended=1 ;;
                        --*=*) \#(prefix)__find "${word%%=*}"; given+="$option " ;;
                        --*) \#(prefix)__find "$word"; given+="$option " pending=${takes:+$option} ;;
                        -?*) \#(prefix)__letters "${word#-}" ;;
                        *) \#(prefix)__enter "$word" ;;
                    esac
                fi
            done
        }

        # -qv is -q -v; the first letter that wants a value takes what follows it.
        \#(prefix)__letters() {
            local letters=$1
            while [[ -n $letters ]]; do
                \#(prefix)__find "-${letters:0:1}"
                letters=${letters:1}
                given+="$option "
                if [[ -n $takes ]]; then
                    if [[ -z $letters ]]; then pending=$option; fi
                    return
                fi
            done
        }

        # A word without a dash: a command, or an argument.
        \#(prefix)__enter() {
            local name
            \#(prefix)__commands
            if [[ ${#below[@]} -eq 0 ]]; then
                ((place += 1))
                return
            fi
            for name in "${below[@]}"; do
                if [[ $name == "$1" ]]; then
                    command="${command:+$command }$1"
                    return
                fi
            done
            if [[ $1 == help && -z $asks ]]; then asks=1; else lost=1; fi
        }

        """#
    }

    private var offer: String {
        #"""
        \#(prefix)__words() {
            local word
            for word in "$@"; do
                if [[ $word == "$current"* ]]; then COMPREPLY+=("$before$word"); fi
            done
        }

        # All ways to write an option, unless it was given.
        \#(prefix)__offer() {
            if [[ $given != *" $1 "* ]]; then \#(prefix)__words "$@"; fi
        }

        \#(prefix)__offer_again() {
            \#(prefix)__words "$@"
        }

        """#
    }

    private var paths: String {
        #"""
        # Offers folders, and files whose path matches the regular expression, if there is one.
        \#(prefix)__paths() {
            files=1
            if [[ -n $expands || $current == '~' || $current == '~'[!/]* ]]; then
                # Variables and other people's folders are readline's to expand.
                compopt -o bashdefault -o default 2>/dev/null
                return
            fi
            local path start=$current home='' options letters=$-
            if [[ $current == \~/* ]]; then
                home=$HOME start=$HOME${current#'~'}
            fi
            options=$(shopt -p failglob nullglob)
            shopt -u failglob
            shopt -s nullglob
            set +f
            for path in "$start"*; do
                if [[ -d $path || (-n $1 && $path =~ $1) ]]; then
                    if [[ -n $home ]]; then path="~${path#"$home"}"; fi
                    COMPREPLY+=("$before$path")
                fi
            done
            eval "$options"
            if [[ $letters == *f* ]]; then set -f; fi
        }

        """#
    }
}
