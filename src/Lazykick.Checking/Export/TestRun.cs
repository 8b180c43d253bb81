using Lazykick.Checking.Litmus;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Export;

/// <summary>Runs tests on our own machine, through the reader, so that what is exported is what was judged.</summary>
internal sealed class TestRun(bool isArm, MemoryModel model, CancellationToken cancellation)
{
    private const int MaxStates = 2_000_000;

    /// <summary>The architecture's own model.</summary>
    public MemoryModel Usual => isArm ? MemoryModel.Arm : MemoryModel.Tso;

    public MemoryModel Model => model;

    public bool IsArm => isArm;

    public bool IsAllowed(TestProgram program)
        => Verdict(TestText.Write(program, isArm, "core", "", [], new LocationNames()), model) == "Allowed";

    /// <summary>Allowed or Forbidden.</summary>
    public string Verdict(string text, MemoryModel under)
        => LitmusRunner.Run(LitmusReader.Read(text), new LitmusOptions { Model = under, MaxStates = MaxStates }, cancellation).Kind;
}
