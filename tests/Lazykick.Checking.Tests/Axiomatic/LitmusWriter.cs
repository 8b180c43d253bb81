using System.Text;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A random program as a litmus test that shows every register and location.</summary>
internal static class LitmusWriter
{
    private static readonly string[] _x86Registers = ["eax", "ebx", "ecx", "edx", "esi", "edi"];
    private static readonly string[] _names = ["x", "y", "z"];

    internal static string Arm(StraightProgram program, string name = "random", CacheType cache = CacheType.None)
    {
        var header = cache switch
        {
            CacheType.Idc => "CacheType=IDC\n",
            CacheType.Dic => "CacheType=DIC IDC\n",
            _ => "",
        };
        if (!program.EntrySynchronises || !program.ReturnSynchronises)
        {
            var eis = program.EntrySynchronises ? ",eis" : "";
            var eos = program.ReturnSynchronises ? ",eos" : "";
            header += $"Variant=exs{eis}{eos}\n";
        }

        var text = new StringBuilder($"AArch64 {name}\n{header}{{\n");
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            for (var location = 0; location < program.Locations; location++)
                text.Append($"{thread}:X{20 + location}={_names[location]}; ");
            for (var i = 0; i < program.Texts.Count; i++)
                text.Append($"{thread}:X{20 + program.Locations + i}=P{program.Texts[i]}:T{i}; ");
            if (program.Texts.Count > 0)
                text.Append($"{thread}:X18=NOP; {thread}:X19=instr:\"B .+8\"; ");
        }

        text.Append("\n}\n");
        Table(text, [.. program.Threads.SelectMany((ops, thread) => ArmColumns(program, ops, thread))]);
        return Closed(text, program, register => $"X{register}");
    }

    // A thread, and its handler if it takes an exception.
    private static IEnumerable<(string Head, List<string> Lines)> ArmColumns(
        StraightProgram program,
        List<Op> ops,
        int thread
    )
    {
        var lines = new List<string>();
        var handler = new List<string>();
        var isInHandler = false;
        for (var i = 0; i < ops.Count; i++)
        {
            isInHandler &= ops[i].Kind != OpKind.Leave;
            if (ops[i].Kind != OpKind.Leave)
                (isInHandler ? handler : lines).AddRange(ArmOp(program, ops[i], thread, i));
            isInHandler |= ops[i].Kind == OpKind.Enter;
        }

        yield return ($"P{thread}", [.. lines, .. Texts(program, thread)]);
        if (ops.Exists(o => o.Kind == OpKind.Enter))
            yield return ($"P{thread}.F", [.. handler, "ERET"]);
    }

    internal static string X86(StraightProgram program, string name = "random")
    {
        var text = new StringBuilder($"X86_64 {name}\n{{\n}}\n");
        Table(text, [.. program.Threads.Select((ops, i) => ($"P{i}", ops.SelectMany(X86Op).ToList()))]);
        return Closed(text, program, register => $"r{_x86Registers[register][1..]}");
    }

    /// <summary>How a register is called in a final state.</summary>
    internal static string Key(int thread, int register, bool arm) =>
        arm ? $"{thread}:X{register}" : $"{thread}:r{_x86Registers[register][1..]}";

    internal static string Key(int location) => $"[{_names[location]}]";

    private static string Closed(StringBuilder text, StraightProgram program, Func<int, string> register)
    {
        var shown = program
            .Threads.SelectMany(
                (ops, thread) => ops.Where(o => o.Result >= 0).Select(o => $"{thread}:{register(o.Result)};")
            )
            .Concat(_names.Take(program.Locations).Select(n => $"{n};"));
        return text.Append($"locations [{string.Join(' ', shown)}]\nforall (true)\n").ToString();
    }

    private static void Table(StringBuilder text, IReadOnlyList<(string Head, List<string> Lines)> columns)
    {
        text.AppendJoin(" | ", columns.Select(c => c.Head)).Append(" ;\n");
        for (var row = 0; row < columns.Max(c => c.Lines.Count); row++)
            text.AppendJoin(" | ", columns.Select(c => row < c.Lines.Count ? c.Lines[row] : "")).Append(" ;\n");
    }

    // Text that may change is a routine after the thread's end: a branch over an instruction, or nothing in its place.
    private static IEnumerable<string> Texts(StraightProgram program, int thread)
    {
        if (!program.Texts.Contains(thread))
            yield break;
        yield return $"B E{thread}";
        for (var i = 0; i < program.Texts.Count; i++)
        {
            if (program.Texts[i] != thread)
                continue;
            yield return $"T{i}: B R{i}";
            yield return "MOV W9,#2";
            yield return $"R{i}: RET";
        }

        yield return $"E{thread}:";
    }

    private static IEnumerable<string> ArmOp(StraightProgram program, Op op, int thread, int index)
    {
        if (op.Kind == OpKind.Store && op.Location >= program.Locations)
        {
            yield return $"{(op.Release ? "STLR" : "STR")} W{(op.Value == 1 ? 18 : 19)},[X{20 + op.Location}]";
            yield break;
        }

        var address = $"[X{20 + op.Location}]";
        if (op.AddressFrom >= 0)
        {
            yield return $"EOR W11,W{op.AddressFrom},W{op.AddressFrom}";
            address = $"[X{20 + op.Location},W11,SXTW]";
        }

        if (op.Value > 0)
            yield return op.DataFrom >= 0 ? $"ADD W10,W{op.DataFrom},#{op.Value}" : $"MOV W10,#{op.Value}";
        var acquire = op.Acquire ? "A" : "";
        var release = op.Release ? "L" : "";
        switch (op.Kind)
        {
            case OpKind.Load when op.AddressFrom >= 0 && (op.Acquire || op.AcquirePc):
                yield return $"ADD X12,X{20 + op.Location},W11,SXTW";
                yield return $"{(op.Acquire ? "LDAR" : "LDAPR")} W{op.Result},[X12]";
                break;
            case OpKind.Load:
                yield return $"{(op.Acquire ? "LDAR" : op.AcquirePc ? "LDAPR" : "LDR")} W{op.Result},{address}";
                break;
            case OpKind.Store when op.AddressFrom >= 0 && op.Release:
                yield return $"ADD X12,X{20 + op.Location},W11,SXTW";
                yield return "STLR W10,[X12]";
                break;
            case OpKind.Store:
                yield return $"{(op.Release ? "STLR" : "STR")} W10,{address}";
                break;
            case OpKind.Swap:
                yield return $"SWP{acquire}{release} W10,W{op.Result},{address}";
                break;
            case OpKind.Add:
                yield return $"LDADD{acquire}{release} W10,W{op.Result},{address}";
                break;
            case OpKind.AddNoReturn:
                yield return $"STADD{release} W10,{address}";
                break;
            case OpKind.LoadExclusive:
                yield return $"LD{acquire}XR W{op.Result},{address}";
                break;
            case OpKind.StoreExclusive:
                yield return $"ST{release}XR W{op.Result},W10,{address}";
                break;
            case OpKind.Fence:
                yield return op.Fence;
                break;
            case OpKind.Isb:
                yield return "ISB";
                break;
            case OpKind.Enter:
                yield return "SVC #0";
                break;
            case OpKind.Clean:
                yield return $"DC CVAU,X{20 + op.Location}";
                break;
            case OpKind.Invalidate:
                yield return $"IC IVAU,X{20 + op.Location}";
                break;
            case OpKind.Fetch:
                yield return "MOV W9,#1";
                yield return $"BL T{op.Location - program.Locations}";
                yield return $"MOV W{op.Result},W9";
                break;
            case OpKind.Branch:
                yield return $"CBNZ W{op.DataFrom},L{thread}{index}";
                yield return $"L{thread}{index}: NOP";
                break;
        }
    }

    private static IEnumerable<string> X86Op(Op op)
    {
        var location = op.Location < 0 ? "" : $"({_names[op.Location]})";
        var register = op.Result < 0 ? "" : $"%{_x86Registers[op.Result]}";
        switch (op.Kind)
        {
            case OpKind.Load:
                yield return $"movl {location},{register}";
                break;
            case OpKind.Store:
                yield return $"movl ${op.Value},{location}";
                break;
            case OpKind.Swap:
                yield return $"movl ${op.Value},{register}";
                yield return $"xchgl {register},{location}";
                break;
            case OpKind.Add:
                yield return $"movl ${op.Value},{register}";
                yield return $"lock xaddl {register},{location}";
                break;
            default:
                yield return op.Fence;
                break;
        }
    }
}
