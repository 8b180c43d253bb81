using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Files beside a user's scheme, then the catalogue.</summary>
/// <param name="directory">Where the user's file lies.</param>
public sealed class DirectoryFiles(string directory) : ISchemeFiles
{
    /// <inheritdoc/>
    public IEnumerable<string> Names =>
        Directory
            .EnumerateFiles(directory, "*.kick")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Concat(Catalogue.Instance.Names);

    /// <inheritdoc/>
    public SourceText? Find(string name)
    {
        var path = Path.Combine(directory, name + ".kick");
        var isPlain = name.AsSpan().IndexOfAny('/', '\\') < 0 && !name.Contains("..", StringComparison.Ordinal);
        return isPlain && File.Exists(path)
            ? new SourceText(path, File.ReadAllText(path))
            : Catalogue.Instance.Find(name);
    }
}
