namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A small program without loops: threads of instructions over a few locations, all 0 at first.</summary>
internal class StraightProgram(int locations, List<List<Op>> threads)
{
    internal int Locations { get; } = locations;

    /// <summary>
    /// The thread that each changing instruction belongs to; as locations they come after the others.
    /// </summary>
    internal List<int> Texts { get; init; } = [];

    /// <summary>Locations and changing instructions.</summary>
    internal int AllLocations => Locations + Texts.Count;

    /// <summary>Whether taking an exception synchronises the context: not without EIS of FEAT_ExS.</summary>
    internal bool EntrySynchronises { get; init; } = true;

    /// <summary>Whether returning from an exception does: not without EOS of FEAT_ExS.</summary>
    internal bool ReturnSynchronises { get; init; } = true;

    internal List<List<Op>> Threads { get; } = threads;
}
