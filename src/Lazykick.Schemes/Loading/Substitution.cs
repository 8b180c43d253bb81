using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>
/// Puts values in the place of parameters. Names that loops give to CPUs inside never hide a name that a value means.
/// </summary>
/// <param name="values">By parameter: what stands for it.</param>
/// <param name="diagnostics">Gets values that cannot stand where their parameter does.</param>
/// <param name="uses">Gets each place where a parameter was replaced, with the parameter.</param>
internal sealed class Substitution(
    IReadOnlyDictionary<string, Expression> values,
    DiagnosticCollection diagnostics,
    Action<SourceSpan, string> uses
)
{
    /// <summary>Steps with the values in them; labels are left out, as they stand in several places.</summary>
    public IReadOnlyList<Step> In(IReadOnlyList<Step> steps) => [.. steps.Select(In)];

    /// <summary>An expression with the values in it.</summary>
    public Expression In(Expression expression) =>
        expression switch
        {
            NameExpression n => Value(n),
            NotExpression n => n with { Operand = In(n.Operand) },
            BinaryExpression b => b with { Left = In(b.Left), Right = In(b.Right) },
            SetExpression s => s with { Elements = [.. s.Elements.Select(In)] },
            ConditionalExpression c => c with { Test = In(c.Test), Then = In(c.Then), Else = In(c.Else) },
            _ => expression,
        };

    /// <summary>Of several values each with the values in it.</summary>
    public IReadOnlyList<Expression> In(IReadOnlyList<Expression> expressions) => [.. expressions.Select(In)];

    private Step In(Step step)
    {
        var with = step switch
        {
            AssignStep s => s with
            {
                Target = Name(s.Target),
                Value = s.Lifetime == Lifetime.Drain ? Name((NameExpression)s.Value) : In(s.Value),
            },
            RmwStep s => s with
            {
                Result = s.Result is null ? null : Name(s.Result),
                Target = Name(s.Target),
                Value = In(s.Value),
            },
            CasStep s => s with { Result = Name(s.Result), Target = Name(s.Target), Old = In(s.Old), New = In(s.New) },
            LockStep s => s with { Lock = Name(s.Lock) },
            UnlockStep s => s with { Lock = Name(s.Lock) },
            TakeStep s => s with { Result = Name(s.Result), Queue = Name(s.Queue) },
            SwitchStep s => s with { Interrupt = Word(s.Interrupt, s.Span) },
            IrqSaveStep s => s with { Lock = Name(s.Lock) },
            TextStep s => s with
            {
                Site = Name(s.Site),
                TextClass = s.TextClass is null ? null : Word(s.TextClass, s.Span),
            },
            MappingStep s => s with { Mapping = Name(s.Mapping) },
            WhenStep s => s with { Condition = In(s.Condition) },
            WaitStep s => s with { Condition = In(s.Condition) },
            DiscoverStep s => s with { Result = Name(s.Result) },
            SendStep s => s with { Message = Word(s.Message, s.Span), Cpu = In(s.Cpu) },
            SelectStep s => s with
            {
                Cpu = In(s.Cpu),
                Mask = Name(s.Mask),
                Policy = Word(s.Policy, s.Span),
                Arguments = In(s.Arguments),
            },
            KickStep s => s with { Name = Word(s.Name, s.Span), Returns = [.. s.Returns.Select(Name)] },
            AssertStep s => s with { Condition = In(s.Condition) },
            CallStep { Opaque: false } s => s with { Name = Word(s.Name, s.Span), Arguments = In(s.Arguments) },
            SectionStep s => s with { TextClass = Word(s.TextClass, s.Span) },
            ForStep s => s with { Set = In(s.Set) },
            _ => step,
        };
        if (with is ForStep loop)
            return Loop(loop) with { Label = null };
        with = with.WithBlocks(In);
        return with == step && step.Label is null ? step : with with { Label = null };
    }

    /// <summary>
    /// The CPU's name of a loop hides a parameter, and is written anew where a value means another CPU.
    /// </summary>
    private ForStep Loop(ForStep loop)
    {
        var inner = values.Where(v => v.Key != loop.Variable).ToDictionary(StringComparer.Ordinal);
        var name = loop.Variable;
        while (inner.Values.SelectMany(Names).Contains(name))
            name += "'";
        if (name != loop.Variable)
            inner[loop.Variable] = new NameExpression(name, [], loop.Span);
        var body = new Substitution(inner, diagnostics, name == loop.Variable ? uses : Quiet(loop.Variable));
        return loop with { Variable = name, Body = body.In(loop.Body) };
    }

    private Action<SourceSpan, string> Quiet(string renamed) =>
        (span, name) =>
        {
            if (name != renamed)
                uses(span, name);
        };

#pragma warning disable CA1859 // not always a name: whatever expression stands for it
    private Expression Value(NameExpression name)
#pragma warning restore CA1859
    {
        var index = In(name.Index);
        if (!values.TryGetValue(name.Name, out var value))
            return name with { Index = index };
        uses(name.Span, name.Name);
        if (index.Count == 0)
            return value with { Span = name.Span };
        if (value is NameExpression { Index.Count: 0 } variable)
            return variable with { Index = index, Span = name.Span };
        return Refuse(
            name,
            $"'{name.Span.Text}' selects one of several, and '{value.Span.Text}' stands for '{name.Name}'"
        );
    }

    private NameExpression Name(NameExpression name) =>
        Value(name) as NameExpression
        ?? Refuse(name, $"'{name.Name}' must be a name here, and '{values[name.Name].Span.Text}' stands for it");

    private string Word(string word, SourceSpan span)
    {
        if (!values.TryGetValue(word, out var value))
            return word;
        uses(span, word);
        if (value is NameExpression { Index.Count: 0 } name)
            return name.Name;
        Refuse(
            new NameExpression(word, [], span),
            $"'{word}' must be a name here, and '{value.Span.Text}' stands for it"
        );
        return word;
    }

    private NameExpression Refuse(NameExpression name, string message)
    {
        diagnostics.Report("LK0327", name.Span, message, "give the call the name of a variable, without brackets");
        return name;
    }

    private static IEnumerable<string> Names(Expression expression) =>
        expression switch
        {
            NameExpression n => n.Index.SelectMany(Names).Prepend(n.Name),
            NotExpression n => Names(n.Operand),
            BinaryExpression b => Names(b.Left).Concat(Names(b.Right)),
            SetExpression s => s.Elements.SelectMany(Names),
            ConditionalExpression c => Names(c.Test).Concat(Names(c.Then)).Concat(Names(c.Else)),
            _ => [],
        };
}
