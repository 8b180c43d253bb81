using System.Diagnostics;
using Lazykick.Checking.Export;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Export;

/// <summary>
/// The field's own tool answers exported tests as our machine does. It is taken from LAZYKICK_HERD7, or from the PATH.
/// </summary>
public sealed class HerdTests
{
    private static readonly string? s_herd = Find();

    [Theory]
    [InlineData("v2", "", "dsb=on", MemoryModel.Arm)]
    [InlineData("v2", "atomics=llsc", "dsb=on", MemoryModel.Arm)]
    [InlineData("v2", "patch4=off", "patch4=on", MemoryModel.Sc)]
    [InlineData("v1", "", "special_isb=on", MemoryModel.Arm)]
    [InlineData("v1", "atomics=llsc", null, MemoryModel.Arm)]
    [InlineData("slab", "", "sample=acquire", MemoryModel.Arm)]
    [InlineData("jump-label", "", null, MemoryModel.Arm)]
    [InlineData("before", "gic=v2", null, MemoryModel.Arm)]
    [InlineData("v3-soft", "", null, MemoryModel.Arm)]
    [InlineData("runtime-grace", "leave=store", "leave=exchange", MemoryModel.Tso)]
    [InlineData("runtime-grace", "enter=plain", "enter=release", MemoryModel.Arm)]
    public void Herd_answers_as_our_machine_does(string scheme, string settings, string? against, MemoryModel memory)
    {
        Assert.SkipUnless(
            s_herd is not null,
            "herd7 (herdtools7, 7.57 or later) is neither on the PATH nor named by LAZYKICK_HERD7"
        );
        foreach (var test in Exported.Tests(Exported.Run(scheme, settings, against, memory: memory)))
            Assert.Equal((test.Name, test.UsualVerdict), (test.Name, Answer(test)));
    }

    private static string Answer(ExportedTest test)
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-herd-");
        try
        {
            var file = Path.Combine(directory.FullName, test.Name + ".litmus");
            File.WriteAllText(file, test.Text);
            var start = new ProcessStartInfo(s_herd!, [file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            using var herd = Process.Start(start)!;
            var errors = herd.StandardError.ReadToEndAsync();
            var output = herd.StandardOutput.ReadToEnd();
            herd.WaitForExit();
            var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("Observation ", StringComparison.Ordinal));
            Assert.True(line is not null, $"herd7 does not take the test: {errors.Result}\n{test.Text}");
            return line.Split(' ')[2] == "Never" ? "Forbidden" : "Allowed";
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("LAZYKICK_HERD7") is { Length: > 0 } named)
            return named;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(d => Path.Combine(d, "herd7"))
            .FirstOrDefault(File.Exists);
    }
}
