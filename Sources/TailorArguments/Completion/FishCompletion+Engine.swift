extension FishCompletion {
    /// The functions that are the same for every program.
    var engine: String { [main, letters, offers, current].joined(separator: "\n") }

    private var main: String {
        #"""
        function \#(prefix)_complete
            set -l current (\#(prefix)_current)
            set -l words (commandline -opc)
            while string match -qr '^\w+=' -- $words[1]
                set -e words[1]
            end
            set -l command ''
            set -l given
            set -l place 0
            set -l pending ''
            set -l ended 0
            set -l asks 0
            for word in $words[2..-1]
                set -l found
                if test -n "$pending"
                    set pending ''
                    continue
                else if test $ended = 1
                    set place (math $place + 1)
                    continue
                end
                switch $word
                    case --
                        set ended 1
                    case '--*=*'
                        set -a given (\#(prefix)_find "$command "(string replace -r '=.*' '' -- $word))[1]
                    case '--*'
                        set found (\#(prefix)_find "$command $word")
                        set -a given $found[1]
                        test "$found[2]" = value; and set pending $found[1]
                    case -
                        set place (math $place + 1)
                    case '-*'
                        set found (\#(prefix)_letters "$command" (string sub -s 2 -- $word))
                        set -a given $found
                        contains -- $found[-1] value; and set pending $found[-2]
                    case '*'
                        set -l below (\#(prefix)_commands "$command" | string replace -r '\t.*' '')
                        if test (count $below) = 0
                            set place (math $place + 1)
                        else if test "$word" = help; and test $asks = 0
                            set asks 1
                        else if contains -- $word $below
                            set command (string trim -- "$command $word")
                        else
                            return
                        end
                end
            end
            \#(prefix)_offer "$command" "$current" "$pending" $ended $asks $place $given
        end

        """#
    }

    private var letters: String {
        #"""
        # Prints the options in -qv; at the end 'value' if the last letter's follows.
        function \#(prefix)_letters -a command letters
            while test -n "$letters"
                set -l found (\#(prefix)_find "$command -"(string sub -l 1 -- $letters))
                set letters (string sub -s 2 -- $letters)
                test (count $found) -gt 0; and printf '%s\n' $found[1]
                if test "$found[2]" = value
                    test -z "$letters"; and echo value
                    return
                end
            end
        end

        """#
    }

    private var offers: String {
        #"""
        # Prints what may stand at the cursor.
        function \#(prefix)_offer -a command current pending ended asks place
            set -l given $argv[7..-1]
            if test -n "$pending"
                \#(prefix)_values "$command $pending" "$current"
                return
            else if test $asks = 1
                \#(prefix)_commands "$command" | string match -rv '^help\t'
                return
            else if test $ended = 0
                set -l found
                set -l before
                switch $current
                    case '--*=*'
                        set before (string match -r '^[^=]*=' -- $current)
                        set found (\#(prefix)_find "$command "(string trim -rc = -- $before))
                    case -- '--*' - ''
                    case '-*'
                        set before (string sub -l 2 -- $current)
                        set found (\#(prefix)_find "$command $before")
                        # A letter alone may become another option.
                        test "$before" = "$current"; and set found
                end
                if test "$found[2]" = value
                    set -l value (string sub -s (math (string length -- $before) + 1) -- $current)
                    set -l values (\#(prefix)_values "$command $found[1]" "$value")
                    test (count $values) -gt 0; and printf '%s\n' $before$values
                    return
                end
            end
            if test $ended = 1; or not string match -q -- '-*' $current
                \#(prefix)_commands "$command"
                test (count (\#(prefix)_commands "$command")) -gt 0; and return
                \#(prefix)_values "$command argument $place" "$current"; and return
                test $ended = 1; and return
            end
            for row in (\#(prefix)_options "$command")
                set -l parts (string split -m 1 \t -- $row)
                contains -- $parts[1] $given; or echo -- $parts[2]
            end
        end

        """#
    }

    private var current: String {
        #"""
        # Prints the word before the cursor without its quotes, one of which may be open.
        function \#(prefix)_current
            set -l raw (commandline -ct)
            string unescape -- $raw; or string unescape -- $raw\"; or string unescape -- $raw\'; or echo -- $raw
        end

        # Prints folders, and files whose path matches the regular expression, if there is one.
        function \#(prefix)_paths -a current expression
            set -l start $current
            # What the shell will put in place of ~ or a variable at the beginning.
            set -l home (string match -r '^(?:~|\$\w+)(?=/)' -- $current)
            set -l real
            if test "$home" = '~'
                set real $HOME
            else if test -n "$home"
                set -l name (string sub -s 2 -- $home)
                set real $$name
            end
            test -n "$real"; and set start $real(string sub -s (math (string length -- $home) + 1) -- $current)
            for path in "$start"*
                set -l shown $path
                test -n "$real"; and set shown $home(string sub -s (math (string length -- $real) + 1) -- $path)
                if test -d $path
                    echo -- $shown/
                else if test -n "$expression"; and string match -qr -- $expression $path
                    echo -- $shown
                end
            end
        end

        """#
    }
}
