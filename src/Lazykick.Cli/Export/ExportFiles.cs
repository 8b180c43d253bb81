using Lazykick.Checking.Export;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Export;

/// <summary>Writes exported tests into files: the last one into a file that is named, all into a directory.</summary>
internal static class ExportFiles
{
    public static int Write(string path, ExportResult result, TextWriter messages)
    {
        var isDirectory = Directory.Exists(path) || Path.EndsInDirectorySeparator(path);
        var tests = isDirectory
            ? result.Tests.Select(t => (File: Path.Combine(path, t.Name + ".litmus"), Test: t))
            : [(path, result.Tests[^1])];
        foreach (var (file, test) in tests)
        {
            try
            {
                if (isDirectory)
                    Directory.CreateDirectory(path);
                File.WriteAllText(file, test.Text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                messages.WriteLine($"lazykick: {file}: {e.Message}");
                return ExitStatus.WrongInput;
            }
        }

        return ExitStatus.Done;
    }
}
