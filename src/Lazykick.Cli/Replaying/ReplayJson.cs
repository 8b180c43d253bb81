using Lazykick.Checking.Replaying;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Replaying;

/// <summary>The JSON form of a replay.</summary>
internal static class ReplayJson
{
    public const string Schema = "lazykick.replay/1";

    public static ReplayDocument Of(ExecutionDocument saved, Replay replay) =>
        new(
            Schema,
            saved.Scheme,
            saved.Memory,
            replay.Cpus,
            saved.Knobs,
            saved.Property,
            replay.IsShown,
            State(replay.After(0)),
            [.. replay.Race.Moves.Select((_, i) => Move(replay, i))]
        );

    private static ReplayDocument.ReplayedMove Move(Replay replay, int index)
    {
        var move = replay.Race.Moves[index];
        return new(
            move.Cpu,
            move.Path,
            move.Step,
            move.Enters,
            move.Note,
            move.Phase,
            move.Span.Source.Path,
            move.Span.Line,
            replay.Changes(index),
            State(replay.After(index + 1))
        );
    }

    private static ReplayDocument.ReplayedState State(ReplayState state) =>
        new(
            [
                .. state.Cpus.Select(c => new ReplayDocument.ReplayedCpu(
                    c.Frames,
                    c.Step,
                    c.InEqs,
                    c.InKick,
                    c.Masks,
                    c.Pending,
                    [.. c.InFlight.Select(a => new ReplayDocument.FlyingAccess(a.Step, a.Progress, a.Reads, a.Writes))]
                )),
            ],
            state.Values
        );
}
