namespace Lazykick.Schemes.Syntax;

/// <summary>Reads steps that access variables: assignments and atomics.</summary>
internal sealed class AccessParser(TokenCursor tokens, ExpressionParser expressions, MemoryOrderParser orders)
{
    /// <summary>Reads <c>x := e</c>, with its ordering.</summary>
    public AssignStep ReadAssign()
    {
        var target = expressions.ReadName();
        tokens.ExpectMark(":=");
        var value = expressions.Read();
        return new AssignStep(
            target,
            value,
            orders.TakeOneOf(MemoryOrder.Relaxed, MemoryOrder.Acquire, MemoryOrder.Release),
            target.Span
        );
    }

    /// <summary>Reads what follows the word <c>drain</c>.</summary>
    public AssignStep ReadDrain()
    {
        var step = ReadAssign();
        return step.Value is NameExpression
            ? step with
            {
                Lifetime = Lifetime.Drain,
            }
            : throw new SchemeSyntaxException(
                "LK0031",
                step.Value.Span,
                "'drain' takes the contents of one variable",
                "write drain p := x"
            );
    }

    /// <summary>Reads what follows the word <c>free</c>.</summary>
    public AssignStep ReadFree()
    {
        // The value 0 is never seen: whoever reads it violates S3.
        var target = expressions.ReadName();
        return new AssignStep(target, new NumberExpression(0, target.Span), MemoryOrder.Relaxed, target.Span)
        {
            Lifetime = Lifetime.Free,
        };
    }

    /// <summary>Reads what follows the word <c>rmw</c>.</summary>
    public RmwStep ReadRmw(Token first)
    {
        var target = expressions.ReadName();
        NameExpression? result = null;
        tokens.ExpectMark(":=");
        var value = expressions.Read();
        if (tokens.AtMark(":="))
        {
            if (value is not NameExpression inner)
            {
                throw new SchemeSyntaxException(
                    "LK0019",
                    value.Span,
                    "the middle of 'rmw old := x := value' is the variable in memory",
                    null
                );
            }

            tokens.Next();
            result = target;
            target = inner;
            value = expressions.Read();
        }

        var order =
            orders.Take()
            ?? throw new SchemeSyntaxException(
                "LK0020",
                first.Span,
                "an atomic without its ordering",
                "end it with relaxed, acquire, release or full; "
                    + "a value-returning atomic of the kernel without suffix is full"
            );
        return new RmwStep(result, target, value, order, ReadForm(), first.Span);
    }

    /// <summary>Reads what follows the word <c>cas</c>.</summary>
    public CasStep ReadCas(Token first)
    {
        var result = expressions.ReadName();
        tokens.ExpectMark(":=");
        var target = expressions.ReadName();
        tokens.ExpectMark(":");
        var old = expressions.Read();
        tokens.ExpectMark("->");
        var value = expressions.Read();
        var order =
            orders.Take()
            ?? throw new SchemeSyntaxException(
                "LK0020",
                first.Span,
                "an atomic without its ordering",
                "end it with relaxed, acquire, release or full"
            );
        return new CasStep(result, target, old, value, order, ReadForm(), first.Span);
    }

    /// <summary>Reads what follows the word <c>take</c>.</summary>
    public TakeStep ReadTake(Token first)
    {
        var result = expressions.ReadName();
        tokens.ExpectMark(":=");
        var queue = expressions.ReadName();
        return new TakeStep(result, queue, orders.Take(), ReadForm(), first.Span);
    }

    private AtomicForm ReadForm()
    {
        if (!tokens.TakeWord("via"))
            return AtomicForm.Default;
        var word = tokens.ExpectWord("lse or llsc");
        return word.Text switch
        {
            "lse" => AtomicForm.Lse,
            "llsc" => AtomicForm.LlSc,
            _ => throw new SchemeSyntaxException(
                "LK0021",
                word.Span,
                $"'{word.Text}' is no way to build an atomic",
                "via lse (one instruction) or via llsc (a load-exclusive, store-exclusive loop)"
            ),
        };
    }
}
