using Lazykick.Cli.Tests.Support;
using Lazykick.Schemes.Loading;

namespace Lazykick.Cli.Tests.Commands;

public sealed class SchemesTests
{
    [Fact]
    public void The_list_names_each_scheme_of_the_catalogue_and_no_base()
    {
        var run = LazykickProcess.Run("schemes");
        Assert.Equal(0, run.Status);
        var listed = run
            .Output.Split("\n\n")[0]
            .Split('\n')
            .Where(l => l.Length > 0 && l[0] != ' ')
            .Select(l => l.Split(' ')[0])
            .ToList();
        var files = Directory
            .EnumerateFiles(Repository.PathOf("schemes"), "*.kick")
            .Where(f => File.ReadLines(f).First().StartsWith("scheme ", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(files.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Contains("patch4=on", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_names_each_protocol_of_the_field_by_the_name_that_check_takes()
    {
        var files = Directory
            .EnumerateFiles(Repository.PathOf("schemes/field"), "*.kick")
            .Select(f => "field/" + Path.GetFileNameWithoutExtension(f))
            .ToList();
        var run = LazykickProcess.Run("schemes");
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Contains($"\n{f} ", run.Output, StringComparison.Ordinal));
        var check = LazykickProcess.Run("check", "field/twizzler-spin", "--set", "poll=on");
        Assert.Equal(0, check.Status);
        var wrong = LazykickProcess.Run("schemes", "show", "field/twizler-spin");
        Assert.Equal(2, wrong.Status);
        Assert.Contains("field/twizzler-spin", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_prints_the_scheme_and_all_that_it_includes()
    {
        var run = LazykickProcess.Run("schemes", "show", "v2", "--with-bases");
        Assert.Equal(0, run.Status);
        Assert.StartsWith(
            "# schemes/v2.kick\n",
            run.Output.Replace("\r", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        var scheme = SchemeLoader.FromCatalogue("v2")!;
        Assert.All(
            scheme.Files,
            file =>
            {
                Assert.Contains($"# {file.Path}", run.Output, StringComparison.Ordinal);
                Assert.Contains(file.Text.TrimEnd(), run.Output, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void The_lines_that_show_prints_have_the_numbers_of_the_file()
    {
        var shown = LazykickProcess.Run("schemes", "show", "field/dragonos").Output.Split('\n');
        var file = SchemeLoader.FromCatalogue("field/dragonos")!.Header.Span.Source.Text.TrimEnd().Split('\n');
        Assert.Equal(file, shown[..file.Length].Select(l => l.TrimEnd('\r')));
        Assert.Contains("# schemes/field/dragonos.kick", shown);
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("tiny-copy")]
    public void What_show_prints_can_be_saved_and_checked(string file)
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-show-").FullName;
        try
        {
            var path = Path.Combine(directory, file + ".kick");
            File.WriteAllText(path, LazykickProcess.Run("schemes", "show", "v2").Output);
            var copy = LazykickProcess.Run("check", path, "--memory", "sc", "--set", "patch4=off");
            var own = LazykickProcess.Run("check", "v2", "--memory", "sc", "--set", "patch4=off");
            Assert.Equal((1, ""), (copy.Status, copy.Messages));
            Assert.Equal(own.Output.Split("\n\n")[..2], copy.Output.Split("\n\n")[..2]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
