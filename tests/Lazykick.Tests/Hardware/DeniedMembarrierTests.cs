using System.Diagnostics;
using System.Runtime.InteropServices;
using Lazykick.Tests.Domain;

namespace Lazykick.Tests.Hardware;

/// <summary>
/// A kernel that refuses membarrier(2), as a sandbox does. The runtime asks at its start, so the tests of kicks run in
/// a second process, which inherits the filter of the thread that starts it.
/// </summary>
public unsafe partial class DeniedMembarrierTests
{
    // From the UAPI headers linux/prctl.h, linux/seccomp.h, linux/bpf_common.h and asm/unistd_64.h of x86-64.
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const nuint SeccompModeFilter = 2;
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint ReturnErrno = 0x0005_0000;
    private const uint ReturnAllow = 0x7FFF_0000;
    private const int NotImplemented = 38;
    private const int Membarrier = 324;

    [Fact]
    public void Kicks_and_grace_periods_work_without_membarrier()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "a filter for Linux on x86-64"
        );
        string? skip = null,
            output = null;
        var exit = -1;
        Support.Threads.Run(() =>
        {
            if (!TryDeny())
                skip = $"the system takes no seccomp filter: error {Marshal.GetLastPInvokeError()}";
            else
                (exit, output) = RunTests();
        });
        Assert.SkipWhen(skip is not null, skip ?? "");
        Assert.True(exit == 0, output);
        Assert.Matches("Total: [1-9][0-9]*, Errors: 0, Failed: 0, Skipped: 0", output!);
    }

    /// <summary>Of the calling thread, for good, and of what it starts.</summary>
    private static bool TryDeny()
    {
        Instruction[] code =
        [
            new(LoadWord, 0, 0, 0),
            new(JumpIfEqual, 0, 1, Membarrier),
            new(Return, 0, 0, ReturnErrno | NotImplemented),
            new(Return, 0, 0, ReturnAllow),
        ];
        fixed (Instruction* first = code)
        {
            Program program = new() { Length = (ushort)code.Length, Filter = first };
            if (
                Control(SetNoNewPrivileges, 1, 0, 0, 0) != 0
                || Control(SetSeccomp, SeccompModeFilter, (nuint)(&program), 0, 0) != 0
            )
            {
                return false;
            }
        }

        Assert.Equal(-1, SystemCall(Membarrier, 0, 0, 0));
        Assert.Equal(NotImplemented, Marshal.GetLastPInvokeError());
        return true;
    }

    private static (int Exit, string Output) RunTests()
    {
        ProcessStartInfo start = new(Path.ChangeExtension(typeof(DeniedMembarrierTests).Assembly.Location, null))
        {
            ArgumentList = { "-class", typeof(KickTests).FullName!, "-class", typeof(GracePeriodTests).FullName! },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint command, nint flags, nint cpu);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint operand)
    {
        public readonly ushort Code = code;
        public readonly byte IfTrue = ifTrue;
        public readonly byte IfFalse = ifFalse;
        public readonly uint Operand = operand;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* Filter;
    }
}
