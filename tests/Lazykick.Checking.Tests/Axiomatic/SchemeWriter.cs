using System.Text;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A program as a scheme: a role for each thread, whose path runs it once.</summary>
internal static class SchemeWriter
{
    internal static readonly string[] Names = ["x", "y", "z"];

    internal static string Write(StraightProgram program)
    {
        var largest = SchemeProgram.Largest(program);
        var text = new StringBuilder("scheme random \"a straight-line program\"\n");
        text.Append("text site\nplace start\npercpu idle : bit\nstate eqs = idle = 1\n");
        for (var location = 0; location < program.Locations; location++)
            text.Append($"shared {Names[location]} : 0..{largest}\n");
        foreach (
            var register in program
                .Threads.SelectMany(t => t)
                .SelectMany(o => new[] { o.Result, o.DataFrom, o.When })
                .Where(r => r >= 0)
                .Distinct()
                .Order()
        )
        {
            text.Append($"private r{register} : 0..{largest}\n");
        }

        for (var thread = 0; thread < program.Threads.Count; thread++)
            text.Append($"role cpu{thread}\n    starts start\n    takes p{thread}\n");
        text.Append($"cpus {string.Join(' ', program.Threads.Select((_, i) => $"cpu{i}"))}\n");
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            text.Append($"path p{thread} from start\n");
            // Taking a path and its first step are one move, and the last step is where the CPU is to stay.
            if (program.Threads[thread].Count == 0)
                text.Append("    step nothing\n");
            foreach (var op in program.Threads[thread].Where(o => !o.IsPartOfAtomic))
            {
                var indent = "    ";
                if (op.When >= 0)
                {
                    text.Append($"    when r{op.When} = {op.WhenIs}:\n");
                    indent = "        ";
                }

                foreach (var line in Steps(op))
                    text.Append(indent).Append(line).Append('\n');
            }

            text.Append("    linger \"the end\"\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Steps(Op op)
    {
        var variable = op.Location < 0 ? "" : Names[op.Location];
        var value = op.DataFrom >= 0 ? $"r{op.DataFrom}" : $"{op.Value}";
        var acquire = op.Acquire ? " acquire" : "";
        switch (op.Kind)
        {
            case OpKind.Load when op.Awaits >= 0:
                yield return $"wait {variable} = {op.Awaits}{acquire}";
                break;
            case OpKind.Load when op.Tests >= 0:
                yield return $"when {variable} = {op.Tests}{acquire}: r{op.Result} := 1";
                yield return $"else: r{op.Result} := 0";
                break;
            case OpKind.Load:
                yield return $"r{op.Result} := {variable}{acquire}";
                break;
            case OpKind.Store:
                yield return $"{variable} := {value}{(op.Release ? " release" : "")}";
                break;
            case OpKind.Swap:
                yield return $"rmw {Result(op)}{variable} := {value} {Order(op)}";
                break;
            case OpKind.Add:
                yield return $"rmw {Result(op)}{variable} := {variable} + 1 {Order(op)}";
                break;
            case OpKind.CompareSwap:
                yield return $"cas r{op.Result} := {variable} : {op.Compare} -> {value} {Order(op)}";
                break;
            case OpKind.Fence:
                yield return op.Fence switch
                {
                    "DMB SY" => "smp_mb",
                    "DMB LD" => "smp_rmb",
                    "DMB ST" => "smp_wmb",
                    _ => "dsb",
                };
                break;
            case OpKind.Isb:
                yield return "isb";
                break;
            case OpKind.Nothing:
                yield return "step nothing";
                break;
            case OpKind.Move:
                yield return $"r{op.Result} := {value}";
                break;
        }
    }

    private static string Result(Op op) => op.Result < 0 ? "" : $"r{op.Result} := ";

    // The acquire half of the fully ordered LL/SC form is the barrier behind it.
    private static string Order(Op op) =>
        (op.Acquire, op.Release, op.IsFull) switch
        {
            (_, _, true) => "full",
            (true, _, _) => "acquire",
            (_, true, _) => "release",
            _ => "relaxed",
        } + (op.LlSc ? " via llsc" : " via lse");
}
