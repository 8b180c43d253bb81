using Lazykick.Bench.Runtime;
using Lazykick.Bench.Runtime.Disposal;

// dotnet run -c Release --project bench/Lazykick.Bench.Runtime -- [kick] [grace] [read] [disposal] [quiet] [map]
// [retire] [--rounds N] [--entries N]
var rounds = 5;
var entries = 10_000_000;
List<string> sections = [];
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[++i], out var given) && given > 0)
        rounds = given;
    else if (args[i] == "--entries" && i + 1 < args.Length && int.TryParse(args[++i], out var wanted) && wanted > 0)
        entries = wanted;
    else if (args[i] is "kick" or "grace" or "read" or "disposal" or "quiet" or "map" or "retire")
        sections.Add(args[i]);
    else
        return Usage();
}

Console.WriteLine(
    $"{Environment.ProcessorCount} CPUs, {rounds} alternated rounds, medians [min..max]; ratios carry over to other "
        + "machines, times do not."
);
if (sections.Count == 0 || sections.Contains("kick"))
{
    // On a thread of its own: it pins itself, and what it starts would inherit that.
    Thread thread = new(() => KickBench.Run(rounds));
    thread.Start();
    thread.Join();
}

if (sections.Count == 0 || sections.Contains("grace"))
    GracePeriodBench.Run(rounds);
if (sections.Count == 0 || sections.Contains("read"))
    ReadBench.Run(rounds);
if (sections.Count == 0 || sections.Contains("disposal"))
    DisposalBench.Run(rounds);
if (sections.Count == 0 || sections.Contains("quiet"))
{
    Thread thread = new(() => QuietBench.Run(rounds));
    thread.Start();
    thread.Join();
}

if (sections.Count == 0 || sections.Contains("map"))
    MapBench.Run(rounds, entries);
if (sections.Count == 0 || sections.Contains("retire"))
    RetireBench.Run(rounds);
return 0;

static int Usage()
{
    Console.Error.WriteLine(
        "usage: Lazykick.Bench.Runtime [kick] [grace] [read] [disposal] [quiet] [map] [retire] "
            + "[--rounds N] [--entries N]"
    );
    return 2;
}
