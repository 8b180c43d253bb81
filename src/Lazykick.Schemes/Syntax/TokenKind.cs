namespace Lazykick.Schemes.Syntax;

/// <summary>What a token is.</summary>
public enum TokenKind
{
    /// <summary>A word: keyword or name. Keywords are words with a meaning in their place.</summary>
    Word,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A text in double quotes.</summary>
    String,

    /// <summary>An operator or a mark.</summary>
    Mark,

    /// <summary>End of a line that holds anything.</summary>
    NewLine,

    /// <summary>The next line stands further in.</summary>
    Indent,

    /// <summary>The next line stands further out.</summary>
    Dedent,

    /// <summary>End of the file.</summary>
    End,
}
