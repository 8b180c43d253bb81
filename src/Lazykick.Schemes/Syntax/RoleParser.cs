namespace Lazykick.Schemes.Syntax;

/// <summary>Reads roles: what a CPU is, where it starts, which paths it takes.</summary>
internal sealed class RoleParser(TokenCursor tokens, ExpressionParser expressions)
{
    /// <summary>Reads what follows the word <c>role</c>.</summary>
    public RoleDeclaration Read(bool replaces)
    {
        var name = tokens.ExpectWord("a role");
        tokens.TakeMark(":");
        tokens.EndOfLine();
        List<Token> flags = [];
        List<(Token, Expression?)> starts = [],
            takes = [];
        var values = new Dictionary<string, (string, IReadOnlyList<Expression>)>(StringComparer.Ordinal);
        tokens.ReadIndentedLines(() => ReadLine(flags, starts, takes, values));
        return new RoleDeclaration(name.Text, flags, starts, takes, replaces, name.Span) { PathValues = values };
    }

    private void ReadLine(
        List<Token> flags,
        List<(Token, Expression?)> starts,
        List<(Token, Expression?)> takes,
        Dictionary<string, (string, IReadOnlyList<Expression>)> values
    )
    {
        var word = tokens.ExpectWord("is, starts or takes");
        var items = word.Text switch
        {
            "is" => Names(),
            "starts" => Names(),
            "takes" => Paths(),
            _ => throw new SchemeSyntaxException(
                "LK0026",
                word.Span,
                $"'{word.Text}' says nothing about a role",
                "a role has lines 'is FLAG', 'starts PLACE' and 'takes PATH, PATH [when knobs]'"
            ),
        };
        var condition = tokens.TakeWord("when") ? expressions.Read() : null;
        tokens.EndOfLine();
        foreach (var item in items)
        {
            if (word.Text == "is")
                flags.Add(item);
            else
                (word.Text == "starts" ? starts : takes).Add((item, condition));
        }

        List<Token> Names() => Items(() => tokens.ExpectWord("a name"));

        List<Token> Paths() => Items(Path);

        List<Token> Items(Func<Token> read)
        {
            var found = new List<Token> { read() };
            while (tokens.TakeMark(",") || (tokens.Peek.Kind == TokenKind.Word && tokens.Peek.Text != "when"))
                found.Add(read());
            return found;
        }

        Token Path()
        {
            var path = tokens.ExpectWord("a name");
            var given = expressions.ReadArguments();
            if (given.Count == 0)
                return path;
            var name = $"{path.Text}({string.Join(", ", given.Select(g => g.Span.Text))})";
            values[name] = (path.Text, given);
            return path with { Text = name };
        }
    }
}
