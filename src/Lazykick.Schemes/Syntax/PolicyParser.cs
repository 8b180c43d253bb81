namespace Lazykick.Schemes.Syntax;

/// <summary>Reads policies: whom a kick leaves alone.</summary>
internal sealed class PolicyParser(
    TokenCursor tokens,
    ExpressionParser expressions,
    MemoryOrderParser orders,
    BlockParser blocks
)
{
    /// <summary>Reads what follows the word <c>policy</c>.</summary>
    public PolicyDeclaration Read(bool replaces)
    {
        var name = tokens.ExpectWord("a policy");
        var parameters = tokens.TakeParameters();
        var serves = tokens.TakeWord("serves") ? tokens.ExpectWords("a kick") : [];
        tokens.TakeMark(":");
        tokens.EndOfLine();
        var variable = "t";
        Expression? skip = null;
        Expression? trace = null;
        List<Step>? ask = null;
        var order = MemoryOrder.Relaxed;
        tokens.ReadIndentedLines(ReadLine);
        return new PolicyDeclaration(name.Text, serves, variable, skip, order, ask, trace, replaces, name.Span)
        {
            Parameters = parameters,
        };

        void ReadLine()
        {
            var word = tokens.ExpectWord("skip, ask or trace");
            switch (word.Text)
            {
                case "skip":
                    variable = tokens.ExpectWord("the name of the CPU asked about").Text;
                    tokens.ExpectKeyword("when");
                    skip = expressions.Read();
                    order = orders.TakeOneOf(MemoryOrder.Relaxed, MemoryOrder.Acquire);
                    tokens.EndOfLine();
                    break;
                case "ask":
                    variable = tokens.ExpectWord("the name of the CPU asked about").Text;
                    ask = blocks.Read();
                    break;
                case "trace":
                    tokens.ExpectKeyword("skip");
                    tokens.ExpectKeyword("when");
                    trace = expressions.Read();
                    tokens.EndOfLine();
                    break;
                default:
                    throw new SchemeSyntaxException(
                        "LK0028",
                        word.Span,
                        $"'{word.Text}' says nothing about a policy",
                        "a policy has 'skip t when ...' or 'ask t:' with steps, and 'trace skip when ...'"
                    );
            }
        }
    }
}
