using System.Globalization;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>Writes a test in the instructions of x86_64, AT&amp;T order.</summary>
/// <remarks>
/// Every atomic is an <c>xchg</c>: a locked instruction is a full barrier whatever it computes, and the outcome names
/// what it read.
/// </remarks>
internal sealed class X86TestWriter(TestProgram program, LocationNames names) : ThreadWriter(program, names)
{
    private static readonly string[] s_registers = ["ax", "bx", "cx", "dx", "si", "di"];

    protected override string Register(int number) => "r" + Name(number);

    protected override void Write(TestThread thread)
    {
        foreach (var item in thread.Items)
        {
            if (item is TestItem.Access { Event: var step })
                Access(step);
            else if (item is TestItem.Barrier { Kind: FenceKind.SmpMb or FenceKind.Dsb })
                Emit("mfence");
        }
    }

    private void Access(RaceEvent step)
    {
        if (step.HasFailed)
        {
            throw new ExportRefusedException(
                $"'{step.Words}' fails to find its value, and herd7 has no such instruction for x86_64",
                "there is no test of this race for herd7"
            );
        }

        var variable = Names[step.Location!];
        if (step.Kind == RaceEventKind.Write)
        {
            Emit($"movl ${Number(Program.Values.Written(step))},({variable})");
            return;
        }

        var register = Result(step);
        if (step.Kind == RaceEventKind.Atomic)
        {
            Emit($"movl ${Number(Program.Values.Written(step))},%e{Name(register)}");
            Emit($"xchgl %e{Name(register)},({variable})");
        }
        else
        {
            Emit($"movl ({variable}),%e{Name(register)}");
        }

        if (Program.Core.Pinned.Contains(step))
            Expect(register, Program.Values.Read(step));
    }

    private static string Name(int number) =>
        number < s_registers.Length
            ? s_registers[number]
            : throw new ExportRefusedException(
                "a thread of the test needs more registers than herd7 names",
                "there is no test of this race for herd7"
            );

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
