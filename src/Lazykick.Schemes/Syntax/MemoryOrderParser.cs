namespace Lazykick.Schemes.Syntax;

/// <summary>Reads the ordering of an access to memory.</summary>
internal sealed class MemoryOrderParser(TokenCursor tokens)
{
    /// <summary>The ordering that stands here; null if none does.</summary>
    public MemoryOrder? Take()
    {
        MemoryOrder? order =
            tokens.Peek.Kind != TokenKind.Word
                ? null
                : tokens.Peek.Text switch
                {
                    "relaxed" => MemoryOrder.Relaxed,
                    "acquire" => MemoryOrder.Acquire,
                    "release" => MemoryOrder.Release,
                    "full" => MemoryOrder.Full,
                    _ => null,
                };
        if (order is not null)
            tokens.Next();
        return order;
    }

    /// <summary>The ordering that stands here, one of <paramref name="allowed"/>, or <paramref name="none"/>.</summary>
    public MemoryOrder TakeOneOf(MemoryOrder none, params ReadOnlySpan<MemoryOrder> allowed)
    {
        var at = tokens.Peek;
        var order = Take() ?? none;
        if (order == none || allowed.Contains(order))
            return order;
        throw new SchemeSyntaxException(
            "LK0012",
            at.Span,
            $"'{at.Text}' is no ordering for this access",
            "a load is relaxed or acquire, a store relaxed or release, an rmw any of relaxed, acquire, release, full"
        );
    }
}
