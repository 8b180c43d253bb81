using System.Text;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// A program as a scheme: a role for each thread, whose path runs it once. A handler is the path of a debug exception,
/// which comes wherever it is not masked; only the first time does it execute the handler's instructions.
/// </summary>
internal static class SchemeWriter
{
    internal static readonly string[] Names = ["x", "y", "z"];

    internal static string Write(StraightProgram program) => Write(program, [], -1);

    internal static string Write(StraightProgram program, List<Op> handler, int interrupted)
    {
        var largest = SchemeProgram.Largest(program, handler);
        var text = new StringBuilder("scheme random \"a straight-line program\"\n");
        text.Append("text site\nplace start\npercpu idle : bit\nstate eqs = idle = 1\n");
        for (var location = 0; location < program.Locations; location++)
            text.Append($"shared {Names[location]} : 0..{largest}\n");
        foreach (
            var register in program
                .Threads.SelectMany(t => t)
                .Concat(handler)
                .SelectMany(o => new[] { o.Result, o.DataFrom, o.When })
                .Where(r => r >= 0)
                .Distinct()
                .Order()
        )
        {
            text.Append($"private r{register} : 0..{largest}\n");
        }

        if (interrupted >= 0)
        {
            text.Append($"knob eis = {(program.EntrySynchronises ? "on" : "off")}\n");
            text.Append($"knob eos = {(program.ReturnSynchronises ? "on" : "off")}\n");
            text.Append("private handled : bit\n");
        }

        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            var more = thread == interrupted ? ", handler" : "";
            text.Append($"role cpu{thread}\n    starts start\n    takes p{thread}{more}\n");
        }

        text.Append($"cpus {string.Join(' ', program.Threads.Select((_, i) => $"cpu{i}"))}\n");
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            text.Append($"path p{thread} from start\n");
            // Taking a path and its first step are one move, and the last step is where the CPU is to stay.
            if (program.Threads[thread].Count == 0)
                text.Append("    step nothing\n");
            Body(text, program.Threads[thread], "    ");
            text.Append("    linger \"the end\"\n");
        }

        if (interrupted >= 0)
        {
            text.Append("path handler on debug from kernel\n    exception\n    when handled = 0:\n");
            Body(text, handler, "        ");
            text.Append("        handled := 1\n    eret\n");
        }

        return text.ToString();
    }

    private static void Body(StringBuilder text, List<Op> ops, string indent)
    {
        foreach (var op in ops.Where(o => !o.IsPartOfAtomic))
        {
            if (op.When >= 0)
                text.Append($"{indent}when r{op.When} = {op.WhenIs}:\n");
            foreach (var line in Steps(op))
                text.Append(op.When >= 0 ? indent + "    " : indent).Append(line).Append('\n');
        }
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
