using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>Finds the scheme that an argument names: a file, or a name of the catalogue.</summary>
internal static class SchemeArgument
{
    private const string StandardInput = "-";

    /// <summary>Loads it, or says on standard error why not.</summary>
    public static Scheme? Load(string argument, TextWriter errors)
    {
        var diagnostics = new DiagnosticCollection();
        var isPath =
            (argument.AsSpan().IndexOfAny('/', '\\') >= 0 && !Catalogue.Instance.Field.Contains(argument))
            || argument.EndsWith(".kick", StringComparison.Ordinal)
            || argument == StandardInput;
        SourceText? source;
        ISchemeFiles files = Catalogue.Instance;
        if (isPath || (Path.Exists(argument) && Catalogue.Instance.Find(argument) is null))
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
            errors.WriteLine($"    {HintFor(argument)}; a file is named with its path or '.kick'");
            return null;
        }

        var scheme = SchemeLoader.Load(source, files, diagnostics);
        Report(diagnostics, errors);
        return scheme;
    }

    /// <summary>The files that lie where the argument's includes come from.</summary>
    public static IEnumerable<SourceText> Beside(string argument)
    {
        if (!File.Exists(argument))
            return Catalogue.Instance.Names.Select(Catalogue.Instance.Find).OfType<SourceText>();
        var directory = Path.GetDirectoryName(Path.GetFullPath(argument))!;
        return Directory.EnumerateFiles(directory, "*.kick").Select(f => new SourceText(f, File.ReadAllText(f)));
    }

    /// <summary>The same, of schemes that can be checked: no base.</summary>
    public static Scheme? LoadWhole(string argument, TextWriter errors)
    {
        if (Load(argument, errors) is not { } scheme)
            return null;
        if (!scheme.IsBase)
            return scheme;
        errors.WriteLine($"lazykick: '{scheme.Name}' is a base that schemes include; it has no CPUs to check");
        return null;
    }

    public static void Report(DiagnosticCollection diagnostics, TextWriter errors)
    {
        foreach (var diagnostic in diagnostics)
            errors.Write(diagnostic.Render());
        if (diagnostics.Count > 0)
        {
            errors.WriteLine(
                $"{diagnostics.Count + diagnostics.Dropped} error{(diagnostics.Count == 1 ? "" : "s")}"
                    + (diagnostics.Dropped > 0 ? $", {diagnostics.Count} shown" : "")
            );
        }
    }

    /// <summary>What to write instead of a name that no scheme has.</summary>
    public static string HintFor(string name) =>
        Suggestion.For(name, Catalogue.Instance.Names.Concat(Catalogue.Instance.Field))
        ?? "'lazykick schemes' lists them";

    private static SourceText? Read(string path, TextWriter errors)
    {
        try
        {
            if (path == StandardInput)
                return new SourceText("stdin", Console.In.ReadToEnd());
            if (Directory.Exists(path))
                return Refuse(errors, path, "a directory, and no scheme", InDirectory(path));
            var info = new FileInfo(path);
            if (info.Exists && info.Length > SourceText.MaxLength * 4L)
                return Refuse(errors, path, $"{info.Length:N0} bytes are no scheme; a scheme is a page of text", null);
            return new SourceText(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse(errors, path, "there is no such file", Near(path));
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse(errors, path, "this user may not read it", null);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            return Refuse(errors, path, e.Message, null);
        }
    }

    private static SourceText? Refuse(TextWriter errors, string path, string why, string? hint)
    {
        errors.WriteLine($"lazykick: {path}: {why}");
        if (hint is not null)
            errors.WriteLine($"    {hint}");
        return null;
    }

    private static string InDirectory(string path)
    {
        var schemes = Directory.EnumerateFiles(path, "*.kick").Order(StringComparer.Ordinal).Take(2).ToList();
        return schemes.Count switch
        {
            0 => "it holds no .kick file",
            1 => $"name its file: {schemes[0]}",
            _ => $"name files, one or several: {Path.Combine(path, "*.kick")}",
        };
    }

    /// <summary>What the caller of a file that is not there may have meant.</summary>
    private static string? Near(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Catalogue.Instance.Names.Concat(Catalogue.Instance.Field).Contains(name))
            return $"the scheme of the catalogue is named without a path: {name}";
        return Directory.Exists(directory)
            ? Suggestion.For(
                Path.GetFileName(path),
                Directory.EnumerateFiles(directory, "*.kick").Select(f => Path.GetFileName(f))
            )
            : null;
    }
}
