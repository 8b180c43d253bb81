using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Export;

/// <summary>Runs tests on our own machine, through the reader, so that what is exported is what was judged.</summary>
internal sealed class TestRun(bool isArm, MemoryModel model, SearchLimits limits, CancellationToken cancellation)
{
    // A core takes hundreds of states; one that takes more than this is none.
    private const long MaxStates = 2_000_000;

    /// <summary>The architecture's own model.</summary>
    public MemoryModel Usual => isArm ? MemoryModel.Arm : MemoryModel.Tso;

    public MemoryModel Model => model;

    public bool IsArm => isArm;

    public bool IsAllowed(TestProgram program) =>
        Verdict(TestText.Write(program, isArm, "core", "", [], new LocationNames()), model) == "Allowed";

    /// <summary>Allowed or Forbidden.</summary>
    public string Verdict(string text, MemoryModel under) =>
        LitmusRunner
            .Run(
                LitmusReader.Read(text),
                new LitmusOptions
                {
                    Model = under,
                    Limits = limits with { MaxStates = Math.Min(limits.MaxStates, MaxStates) },
                },
                cancellation
            )
            .Kind;
}
