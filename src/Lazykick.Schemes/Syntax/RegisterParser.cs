namespace Lazykick.Schemes.Syntax;

/// <summary>Reads lists of a CPU's own state: general registers and the masks of PSTATE.</summary>
internal sealed class RegisterParser(TokenCursor tokens)
{
    /// <summary>Reads masks of PSTATE, up to a condition or the end of the step.</summary>
    public ExceptionMasks ReadMasks()
    {
        var masks = ExceptionMasks.None;
        while (tokens.Peek.Kind == TokenKind.Word && tokens.Peek.Text != "when")
        {
            var word = tokens.Next();
            foreach (var letter in word.Text)
            {
                masks |= letter switch
                {
                    'D' => ExceptionMasks.D,
                    'A' => ExceptionMasks.A,
                    'I' => ExceptionMasks.I,
                    'F' => ExceptionMasks.F,
                    _ => throw new SchemeSyntaxException(
                        "LK0017",
                        word.Span,
                        $"'{word.Text}' is no mask of PSTATE",
                        "the masks are D (debug), A (SError), I (IRQ) and F (FIQ)"
                    ),
                };
            }
        }

        return masks != ExceptionMasks.None ? masks : throw tokens.Unexpected("D, A, I or F");
    }

    /// <summary>Reads general registers and ranges of them.</summary>
    public RegisterSet ReadRegisters()
    {
        var set = RegisterSet.Empty;
        while (tokens.Peek.Kind == TokenKind.Word && tokens.Peek.Text is not ("when" or "uses"))
        {
            var low = Register();
            var high = tokens.TakeMark("-") ? Register() : low;
            for (var n = low; n <= high; n++)
                set = set.Union(new RegisterSet(1u << n));
            tokens.TakeMark(",");
        }

        return set.IsEmpty ? throw tokens.Unexpected("registers", "for example x0-x7 x16") : set;
    }

    private int Register()
    {
        var word = tokens.ExpectWord("a register");
        if (
            word.Text.Length is 2 or 3
            && word.Text[0] == 'x'
            && int.TryParse(word.Text.AsSpan(1), out var n)
            && n is >= 0 and <= 30
        )
        {
            return n;
        }

        throw new SchemeSyntaxException(
            "LK0018",
            word.Span,
            $"'{word.Text}' is not a general register",
            "the registers are x0 to x30; a range is written x0-x7"
        );
    }
}
