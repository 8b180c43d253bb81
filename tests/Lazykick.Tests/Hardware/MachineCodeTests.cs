using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lazykick.Tests.Hardware;

/// <summary>
/// The instructions that ship. No test of behaviour tells a missing barrier from a rare one, so the JIT's listing is
/// read: a second process compiles each primitive and writes down what it made of it.
/// </summary>
public class MachineCodeTests
{
    /// <summary>
    /// <c>eng/test-runtime linux-arm64</c> hands in a listing that the JIT for arm64 has made under an emulator.
    /// </summary>
    [Fact]
    public void Each_primitive_is_the_instruction_that_it_has_to_be()
    {
        var foreign = Environment.GetEnvironmentVariable("LAZYKICK_ARM64_LISTING");
        var architecture = foreign is null ? RuntimeInformation.ProcessArchitecture : Architecture.Arm64;
        Assert.SkipUnless(architecture is Architecture.X64 or Architecture.Arm64, "only x64 and arm64 are known here");
        var wrong = MachineCode.Check(foreign is null ? List() : File.ReadAllText(foreign), architecture);
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    /// <summary>The check itself can fail: a listing of a plain store is refused.</summary>
    [Theory]
    [InlineData(Architecture.X64, "ProbeExchange", "mov      qword ptr [rdi+88H], 2\n ret")]
    [InlineData(Architecture.X64, "ProbeAdd", "inc      qword ptr [rdi+88H]\n ret")]
    [InlineData(Architecture.X64, "ProbeCompareExchange", "cmpxchg  qword ptr [rdi+88H], rsi\n ret")]
    [InlineData(Architecture.X64, "TakePlace", "mov      qword ptr [rdi+88H], rsi\n ret")]
    [InlineData(Architecture.X64, "ProbeFence", "ret")]
    [InlineData(Architecture.X64, "ProbeProcessWide", "ret")]
    [InlineData(
        Architecture.X64,
        "Execute",
        "call     [System.PlatformNotSupportedException:.ctor(System.String):this]\n ret"
    )]
    [InlineData(Architecture.Arm64, "ProbeExchange", "stlr    x1, [x0]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeAdd", "ldxr x0, [x1]\n stxr w2, x0, [x1]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeCompareExchange", "cas     x1, x2, [x0]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeStoreEntry", "str     x1, [x0, #0x10]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeLoadWord", "ldr     x0, [x0]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeStoreWord", "str     x1, [x0]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeStore", "str     x1, [x0]\n ret")]
    [InlineData(Architecture.Arm64, "ProbeLoad", "ldr     x0, [x0]\n ret")]
    public void A_weaker_instruction_is_noticed(Architecture architecture, string method, string code) =>
        Assert.Contains(
            MachineCode.Check(
                $"; Assembly listing for method Lazykick.Tests.Hardware.Primitives:{method}() (FullOpts)\n {code}\n",
                architecture
            ),
            wrong => wrong.StartsWith($"{method}: no ", StringComparison.Ordinal)
        );

    /// <summary>What the second process runs; here it only has to work.</summary>
    [Fact]
    public void The_primitives_run() => Primitives.RunAll();

    private static string List()
    {
        var file = Path.GetTempFileName();
        try
        {
            var program = Path.ChangeExtension(
                typeof(MachineCodeTests).Assembly.Location,
                OperatingSystem.IsWindows() ? ".exe" : null
            );
            ProcessStartInfo start = new(program)
            {
                ArgumentList = { "-method", $"{typeof(MachineCodeTests).FullName}.{nameof(The_primitives_run)}" },
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            start.Environment["DOTNET_JitDisasm"] = MachineCode.Methods;
            start.Environment["DOTNET_JitStdOutFile"] = file;
            start.Environment["DOTNET_TieredCompilation"] = "0";
            start.Environment["DOTNET_ReadyToRun"] = "0";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output);
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
