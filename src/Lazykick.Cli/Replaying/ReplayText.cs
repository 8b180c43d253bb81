using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Replaying;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Replaying;

/// <summary>An execution move by move: what each changed, and how its CPU stands afterwards.</summary>
internal sealed class ReplayText(ExecutionDocument saved, Scheme scheme, Replay replay)
{
    private const string Indent = "      ";

    /// <summary>Everything, for a pipe.</summary>
    public void Write(Terminal terminal)
    {
        Head(terminal);
        terminal.Line();
        terminal.Line(("start", "bold"));
        var start = replay.After(0);
        for (var cpu = 0; cpu < start.Cpus.Count; cpu++)
            Cpu(terminal, start, cpu);
        Values(terminal, start);
        for (var move = 0; move < replay.Length; move++)
        {
            terminal.Line();
            Move(terminal, move);
            Cpu(terminal, replay.After(move + 1), replay.Race.Moves[move].Cpu);
        }

        terminal.Line();
        terminal.Line((End(), "bold"));
    }

    /// <summary>One state with the move that led to it, for a screen.</summary>
    public void WriteState(Terminal terminal, int moves)
    {
        Head(terminal);
        terminal.Line();
        if (moves == 0)
            terminal.Line(("start", "bold"));
        else
            Move(terminal, moves - 1);
        terminal.Line();
        var state = replay.After(moves);
        for (var cpu = 0; cpu < state.Cpus.Count; cpu++)
            Cpu(terminal, state, cpu);
        Values(terminal, state);
        terminal.Line();
        if (moves == replay.Length)
            terminal.Line((End(), "bold"));
    }

    private void Head(Terminal terminal)
    {
        var knobs = scheme
            .Knobs.Values.Where(k => saved.Knobs.TryGetValue(k.Name, out var v) && v != k.Values[k.Default])
            .Select(k => $"{k.Name}={saved.Knobs[k.Name]}")
            .ToList();
        var memory = saved.Memory.ToString().ToLowerInvariant();
        var inFlight = saved.InFlight == 0 ? "" : $", at most {saved.InFlight} accesses in flight";
        terminal.Line(($"{scheme.Name}: {scheme.Title}", "bold"));
        terminal.Line(
            $"  {replay.Cpus.Count} CPUs, memory "
                + $"{memory}{inFlight}{(knobs.Count == 0 ? "" : $", with {string.Join(' ', knobs)}")}"
        );
    }

    private void Move(Terminal terminal, int move)
    {
        var made = replay.Race.Moves[move];
        var enters = made.Enters is null ? "" : $"{made.Enters}: ";
        var note = made.Note is null ? "" : $" ({made.Note})";
        var phase = made.Phase switch
        {
            MovePhase.Issue => ", issued",
            MovePhase.Read => ", reads",
            MovePhase.Write => ", takes effect",
            _ => "",
        };
        var at = $"{Path.GetFileName(made.Span.Source.Path)}:{made.Span.Line}";
        terminal.Line(($"{move + 1,4}  CPU{made.Cpu}  {enters}{made.Step}{note}{phase}", "bold"), ($"  {at}", ""));
        if (made.Kernel is { } kernel)
            terminal.Line($"{Indent}{kernel}");
        foreach (var change in replay.Changes(move))
            terminal.Line($"{Indent}{change.Name}: {change.Before} -> {change.After}");
    }

    private void Cpu(Terminal terminal, ReplayState state, int cpu)
    {
        var at = state.Cpus[cpu];
        var frames = string.Join(" > ", at.Frames);
        List<string> parts =
        [
            at.Step.Length == 0 ? $"at {frames}" : $"in {frames}, before '{at.Step}'",
            .. at.InEqs ? ["in the EQS"] : (string[])[],
            .. at.InKick ? ["in a kick"] : (string[])[],
            .. at.Masks.Length > 0 ? [$"masked {string.Join(' ', at.Masks.ToCharArray())}"] : (string[])[],
            .. at.Pending.Count > 0 ? [$"pending {string.Join(", ", at.Pending)}"] : (string[])[],
        ];
        foreach (var line in Wrapping.Lines($"{Indent}CPU{cpu} ({replay.Cpus[cpu]}) ", string.Join(", ", parts), 12))
            terminal.Line(line);
        foreach (var access in at.InFlight)
            terminal.Line($"{Indent}  in flight: {access.Step}{Flies(access)}  {access.Line}");
    }

    private static string Flies(AccessInFlight access) =>
        access.Progress switch
        {
            Progress.Waiting => "",
            Progress.Read => access.Reads is { } value ? $", has read {value}" : ", has read",
            _ => ", done",
        };

    private static void Values(Terminal terminal, ReplayState state)
    {
        if (state.Values.Count == 0)
            return;
        var values = string.Join(", ", state.Values.Select(v => $"{v.Name} = {v.Value}"));
        foreach (var line in Wrapping.Lines(Indent, values, Indent.Length))
            terminal.Line(line);
    }

    private string End()
    {
        var property = replay.Race.Property;
        if (replay.Race.OldText is { } old)
        {
            var where = old.Step.Length > 0 ? $"'{old.Step}' in {old.Path}" : old.Path;
            return $"{property.Id} is violated: CPU{old.Cpu} may run old text, {where}";
        }

        return replay.IsShown
            ? $"{property.Id} is violated: {property.Violation}"
            : $"{property.Id}: from here the kick cannot return; 'lazykick check' shows that, one execution cannot";
    }
}
