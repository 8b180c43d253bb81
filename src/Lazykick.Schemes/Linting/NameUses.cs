using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Linting;

/// <summary>The names that a scheme reads, writes and calls, wherever it does.</summary>
internal sealed class NameUses
{
    public NameUses(Scheme scheme)
    {
        foreach (var assumption in scheme.Assumptions)
            Read(assumption.Condition);
        foreach (var state in scheme.States.Values)
            Read(state.Condition);
        foreach (var variable in scheme.Variables.Values)
            Read(variable.Initial);
        foreach (var message in scheme.MessageKinds.Values)
            Read(message.OffWhen);
        foreach (var role in scheme.Roles.Values)
            Role(role);
        foreach (var policy in scheme.Policies.Values)
        {
            Read(policy.SkipWhen);
            Called.UnionWith(policy.Serves.Select(s => s.Text));
        }

        foreach (var step in scheme.AllSteps())
            Step(step);
    }

    /// <summary>Names whose values matter somewhere: of variables, knobs, states, flags.</summary>
    public HashSet<string> Reads { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables that some step gives a value.</summary>
    public HashSet<string> Writes { get; } = new(StringComparer.Ordinal);

    /// <summary>Routines, kicks and policies that some step, role or policy names.</summary>
    public HashSet<string> Called { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages that are sent.</summary>
    public HashSet<string> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>Text locations that are written, and mappings that change.</summary>
    public HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

    /// <summary>What some kick returns for.</summary>
    public HashSet<string> Returned { get; } = new(StringComparer.Ordinal);

    /// <summary>Some step asks what is pending.</summary>
    public bool Discovers { get; private set; }

    private void Role(RoleDeclaration role)
    {
        foreach (var (_, condition) in role.Starts.Concat(role.Takes))
            Read(condition);
        foreach (var (path, values) in role.PathValues.Values)
        {
            Called.Add(path);
            foreach (var value in values)
                Handed(value);
        }

        Called.UnionWith(role.Takes.Select(t => t.Path.Text));
    }

    private void Step(Step step)
    {
        switch (step)
        {
            case AssignStep s:
                Write(s.Target);
                Read(s.Value);
                break;
            case RmwStep s:
                Write(s.Target);
                Write(s.Result);
                Read(s.Value);
                if (s.Result is not null)
                    Reads.Add(s.Target.Name);
                break;
            case CasStep s:
                Write(s.Target);
                Write(s.Result);
                Reads.Add(s.Target.Name);
                Read(s.Old);
                Read(s.New);
                break;
            case LockStep s:
                Write(s.Lock);
                Reads.Add(s.Lock.Name);
                break;
            case TakeStep s:
                Write(s.Result);
                Write(s.Queue);
                Reads.Add(s.Queue.Name);
                break;
            case WhenStep s:
                Read(s.Condition);
                break;
            case WaitStep s:
                Read(s.Condition);
                break;
            case AssertStep s:
                Read(s.Condition);
                break;
            case ForStep s:
                Read(s.Set);
                break;
            case DiscoverStep s:
                Write(s.Result);
                Discovers = true;
                break;
            case SendStep s:
                Sent.Add(s.Message);
                break;
            case SelectStep s:
                Write(s.Mask);
                Called.Add(s.Policy);
                foreach (var argument in s.Arguments)
                    Handed(argument);
                break;
            case CallStep { Opaque: false } s:
                Called.Add(s.Name);
                foreach (var argument in s.Arguments)
                    Handed(argument);
                break;
            case KickStep s:
                Called.Add(s.Name);
                Returned.UnionWith(s.Returns.Select(r => r.Name));
                break;
            case TextStep { Kind: TextStepKind.Write } s:
                Changed.Add(s.Site.Name);
                break;
            case MappingStep { Kind: MappingStepKind.Unmap } s:
                Changed.Add(s.Mapping.Name);
                break;
        }
    }

    /// <summary>What is handed to a routine, policy or path may be anything there.</summary>
    private void Handed(Expression value)
    {
        Read(value);
        if (value is NameExpression { Name: var name })
        {
            foreach (var set in (HashSet<string>[])[Writes, Called, Sent, Changed, Returned])
                set.Add(name);
        }
    }

    private void Write(NameExpression? name)
    {
        if (name is null)
            return;
        Writes.Add(name.Name);
        foreach (var index in name.Index)
            Read(index);
    }

    private void Read(Expression? expression)
    {
        switch (expression)
        {
            case NameExpression n:
                Reads.Add(n.Name);
                foreach (var index in n.Index)
                    Read(index);
                break;
            case SetExpression s:
                foreach (var element in s.Elements)
                    Read(element);
                break;
            case NotExpression n:
                Read(n.Operand);
                break;
            case BinaryExpression b:
                Read(b.Left);
                Read(b.Right);
                break;
            case ConditionalExpression c:
                Read(c.Test);
                Read(c.Then);
                Read(c.Else);
                break;
        }
    }
}
