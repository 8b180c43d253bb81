using System.Globalization;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>Writes a test in the instructions of AArch64.</summary>
internal sealed class ArmTestWriter(TestProgram program, LocationNames names) : ThreadWriter(program, names)
{
    private const string Start = "L0";

    /// <summary>The end of the thread. Labels are those of the whole test for herd7.</summary>
    private string End => Thread == Program.Fetching ? "L1" : $"L{Thread + 2}";

    protected override string Register(int number) => $"X{number}";

    protected override void Write(TestThread thread)
    {
        foreach (var item in thread.Items)
        {
            switch (item)
            {
                case TestItem.Access { Event: var step }:
                    Access(step);
                    break;
                case TestItem.Barrier b:
                    Emit(
                        b.Kind switch
                        {
                            FenceKind.Dsb => "DSB ISH",
                            FenceKind.SmpMb => "DMB ISH",
                            FenceKind.SmpRmb => "DMB ISHLD",
                            _ => "DMB ISHST",
                        }
                    );
                    break;
                case TestItem.Synchronise:
                    Emit("ISB");
                    break;
                case TestItem.Branch b:
                    b.Reads.ToList().ForEach(Branch);
                    break;
                case TestItem.Fetch:
                    var ran = Next();
                    Emit($"{Start}: B {End}");
                    Emit($"MOV W{ran},#1");
                    Expect(ran, 0);
                    NeedsEnd = true;
                    break;
            }
        }

        if (NeedsEnd)
            Emit($"{End}:");
    }

    private void Access(RaceEvent step)
    {
        if (step.IsText)
        {
            var site = Address(TextName, $"P{Program.Fetching}:{Start}");
            Emit(
                step.Kind switch
                {
                    RaceEventKind.WriteText => $"STR W{Constant("NOP")},[X{site}]",
                    RaceEventKind.Clean => $"DC CVAU,X{site}",
                    _ => $"IC IVAU,X{site}",
                }
            );
            return;
        }

        var address = Address(step.Location!, Names[step.Location!]);
        switch (step.Kind)
        {
            case RaceEventKind.Read:
                Emit($"{(step.Order == MemoryOrder.Acquire ? "LDAR" : "LDR")} W{Result(step)},[X{address}]");
                break;
            case RaceEventKind.Write:
                Emit(
                    $"{(step.Order == MemoryOrder.Release ? "STLR" : "STR")} "
                        + $"W{Operand(step, Program.Values.Written(step))},[X{address}]"
                );
                break;
            case RaceEventKind.Atomic when step.IsLlSc:
                Exclusive(step, address);
                break;
            default:
                Lse(step, address);
                break;
        }

        if (Program.Core.Pinned.Contains(step))
            Expect(ResultOf(step), Program.Values.Read(step));
    }

    private void Lse(RaceEvent step, int address)
    {
        var order = step.Order switch
        {
            MemoryOrder.Full => "AL",
            MemoryOrder.Acquire => "A",
            MemoryOrder.Release => "L",
            _ => "",
        };
        switch (step.Atomic)
        {
            case AtomicKind.CompareExchange:
                var expected = Compared(step);
                var fresh = Operand(step, step.HasFailed ? 0 : Program.Values.Written(step));
                var old = Result(step);
                Set(old, Number(expected));
                Emit($"CAS{order} W{old},W{fresh},[X{address}]");
                break;
            case AtomicKind.Exchange:
                var value = Operand(step, Program.Values.Written(step));
                Emit($"SWP{order} W{value},W{Result(step)},[X{address}]");
                break;
            default:
                var added = Operand(step, Program.Values.Added(step));
                Emit($"LDADD{order} W{added},W{Result(step)},[X{address}]");
                break;
        }
    }

    /// <summary>As atomic_ll_sc.h of v4.16 builds it: a full one is a release and a DMB behind it.</summary>
    private void Exclusive(RaceEvent step, int address)
    {
        var old = Result(step);
        Emit($"{(step.Order == MemoryOrder.Acquire ? "LDAXR" : "LDXR")} W{old},[X{address}]");
        int fresh;
        if (step.Atomic == AtomicKind.CompareExchange)
        {
            Emit($"CMP W{old},#{Number(Compared(step))}");
            Emit($"B.NE {End}");
            NeedsEnd = true;
            Expect(old, Program.Values.Read(step));
            if (step.HasFailed)
                return;
        }

        if (step.Atomic == AtomicKind.Add)
        {
            fresh = Next();
            Emit($"ADD W{fresh},W{old},W{Operand(step, Program.Values.Added(step))}");
        }
        else
        {
            fresh = Operand(step, Program.Values.Written(step));
        }

        var failed = Next();
        Emit(
            $"{(step.Order is MemoryOrder.Release or MemoryOrder.Full ? "STLXR" : "STXR")} "
                + $"W{failed},W{fresh},[X{address}]"
        );
        Emit($"CBNZ W{failed},{End}");
        NeedsEnd = true;
        Expect(failed, 0);
        if (step.Order == MemoryOrder.Full)
            Emit("DMB ISH");
    }

    /// <summary>What a compare-and-exchange compares with: what it read, or another value if it failed.</summary>
    private int Compared(RaceEvent step) => Program.Values.Read(step) + (step.HasFailed ? 1 : 0);

    private void Branch(RaceEvent read)
    {
        var register = ResultOf(read);
        var value = Program.Values.Read(read);
        if (value == 0)
        {
            Emit($"CBNZ W{register},{End}");
        }
        else
        {
            Emit($"CMP W{register},#{Number(value)}");
            Emit($"B.NE {End}");
        }

        Expect(register, value);
        NeedsEnd = true;
    }

    /// <summary>A register with a value, and with the dependency that the scheme has.</summary>
    private int Operand(RaceEvent step, int value)
    {
        var sources = step.Data.Where(HasResult).ToList();
        if (sources.Count == 0)
            return Constant(Number(value));
        var register = Next();
        var source = ResultOf(sources[0]);
        Emit($"EOR W{register},W{source},W{source}");
        foreach (var other in sources.Skip(1).Select(ResultOf))
        {
            Emit($"AND W{register},W{register},W{other}");
        }

        Emit($"ADD W{register},W{register},#{Number(value)}");
        return register;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
