namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A small program without loops: threads of instructions over a few locations, all 0 at first.</summary>
internal class StraightProgram(int locations, List<List<Op>> threads)
{
    internal int Locations { get; } = locations;

    internal List<List<Op>> Threads { get; } = threads;
}
