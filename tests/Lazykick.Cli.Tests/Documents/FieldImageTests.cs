using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>The images of samples/field-images go wrong as docs/reference/field-candidates.md says.</summary>
public sealed class FieldImageTests
{
    [Theory]
    [InlineData("rendezvous", "HANGS after ")]
    [InlineData("deferral", "STALE: an NMI of CPU1 read version ")]
    public void An_image_goes_wrong_as_its_scheme_draws(string image, string says)
    {
        foreach (var tool in (string[])["gcc", "qemu-system-x86_64"])
        {
            Assert.SkipUnless(
                !OperatingSystem.IsWindows()
                    && Environment
                        .GetEnvironmentVariable("PATH")!
                        .Split(':')
                        .Any(p => File.Exists(Path.Combine(p, tool))),
                $"{tool} is missing"
            );
        }

        var script = Repository.PathOf("samples/field-images/run.sh");
        var run = LazykickProcess.Shell($"'{script}' {image}; echo status $?");
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
        Assert.EndsWith("status 1\n", run.Output, StringComparison.Ordinal);
    }
}
