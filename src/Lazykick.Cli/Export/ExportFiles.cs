using Lazykick.Checking.Export;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Export;

/// <summary>
/// Writes exported tests into files: each under its own name into a directory; the race into a file that is named, and
/// the mended twin beside it.
/// </summary>
internal static class ExportFiles
{
    private const string Twin = "-mended";

    public static int Write(string path, ExportResult result, TextWriter messages)
    {
        var isDirectory = Directory.Exists(path) || Path.EndsInDirectorySeparator(path);
        foreach (var (test, index) in result.Tests.Select((t, i) => (t, i)))
        {
            var file =
                isDirectory ? Path.Combine(path, test.Name + ".litmus")
                : index == 0 ? path
                : Beside(path);
            try
            {
                if (isDirectory)
                    Directory.CreateDirectory(path);
                File.WriteAllText(file, test.Text);
                if (!isDirectory && result.Tests.Count > 1)
                    messages.WriteLine($"{test.Name}: written to {file}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                messages.WriteLine($"lazykick: {file}: {e.Message}");
                return ExitStatus.WrongInput;
            }
        }

        return ExitStatus.Done;
    }

    private static string Beside(string path) =>
        Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            Path.GetFileNameWithoutExtension(path) + Twin + Path.GetExtension(path)
        );
}
