using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>Finds the scheme that an argument names: a file, or a name of the catalogue.</summary>
internal static class SchemeArgument
{
    /// <summary>Loads it, or says on standard error why not.</summary>
    public static Scheme? Load(string argument, TextWriter errors)
    {
        var diagnostics = new DiagnosticCollection();
        var isPath =
            (argument.AsSpan().IndexOfAny('/', '\\') >= 0 && !Catalogue.Instance.Field.Contains(argument))
            || argument.EndsWith(".kick", StringComparison.Ordinal);
        SourceText? source;
        ISchemeFiles files = Catalogue.Instance;
        if (isPath || (File.Exists(argument) && Catalogue.Instance.Find(argument) is null))
        {
            source = Read(argument, errors);
            if (source is null)
                return null;
            files = new DirectoryFiles(Path.GetDirectoryName(Path.GetFullPath(argument))!);
        }
        else
        {
            source = Catalogue.Instance.Find(argument);
        }

        if (source is null)
        {
            errors.WriteLine($"lazykick: there is no scheme '{argument}' in the catalogue");
            errors.WriteLine(
                $"    {Suggestion.For(argument, Catalogue.Instance.Names.Concat(Catalogue.Instance.Field)) ?? "'lazykick schemes' lists them"}; a file is named with its path or '.kick'"
            );
            return null;
        }

        var scheme = SchemeLoader.Load(source, files, diagnostics);
        Report(diagnostics, errors);
        return scheme;
    }

    public static void Report(DiagnosticCollection diagnostics, TextWriter errors)
    {
        foreach (var diagnostic in diagnostics)
            errors.Write(diagnostic.Render());
        if (diagnostics.Count > 0)
        {
            errors.WriteLine(
                $"{diagnostics.Count + diagnostics.Dropped} error{(diagnostics.Count == 1 ? "" : "s")}{(diagnostics.Dropped > 0 ? $", {diagnostics.Count} shown" : "")}"
            );
        }
    }

    private static SourceText? Read(string path, TextWriter errors)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > SourceText.MaxLength * 4L)
            {
                errors.WriteLine($"lazykick: {path}: {info.Length:N0} bytes are no scheme; a scheme is a page of text");
                return null;
            }

            return new SourceText(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            errors.WriteLine($"lazykick: {path}: {e.Message}");
            return null;
        }
    }
}
