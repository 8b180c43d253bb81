namespace Lazykick.Cli.Json;

/// <summary>What <c>demo</c> measured, for programs: docs/reference/json.md.</summary>
internal sealed record DemoDocument(
    string Schema,
    bool Conclusive,
    int IsolatedCpu,
    int KickerCpu,
    IReadOnlyList<DemoDocument.DemoLeg> Legs
)
{
    /// <summary>One leg.</summary>
    internal sealed record DemoLeg(
        string Kind,
        double Seconds,
        long Kicks,
        long Ipis,
        long Turns,
        long GapP50Ns,
        long GapP9999Ns,
        IReadOnlyDictionary<string, long> Interrupts
    );
}
