using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary><c>lazykick schemes lint</c>.</summary>
public sealed class SchemesLintTests
{
    [Fact]
    public void A_base_is_looked_through_and_its_handlers_are_listed()
    {
        var run = LazykickProcess.Run("schemes", "lint", "x86-entry");
        Assert.Equal((0, ""), (run.Status, run.Errors));
        Assert.Contains("from    irq         fiq  nmi ", run.Output, StringComparison.Ordinal);
        Assert.Contains("kernel  irq_kernel  -    nmi_kernel", run.Output, StringComparison.Ordinal);
        Assert.Contains("x86-entry: nothing found", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_found_is_shown_where_it_stands_and_ends_with_1()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-lint-").FullName;
        try
        {
            var file = Path.Combine(directory, "own.kick");
            File.WriteAllText(file, "base own \"mine\"\narch arm64\nknob spare = off\nroutine r\n    fence_i\n");
            var run = LazykickProcess.Run("schemes", "lint", file);
            Assert.Equal((1, ""), (run.Status, run.Errors));
            Assert.Contains(
                $"{file}:3:6: lint LK0800: nothing reads the knob 'spare'\n    knob spare = off\n         ^^^^^\n",
                run.Output.ReplaceLineEndings("\n"),
                StringComparison.Ordinal
            );
            Assert.Contains("own: 2 found", run.Output, StringComparison.Ordinal);
            Assert.Equal(2, LazykickProcess.Run("schemes", "lint", Path.Combine(directory, "none.kick")).Status);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
