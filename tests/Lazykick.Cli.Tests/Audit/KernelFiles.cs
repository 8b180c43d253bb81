using Lazykick.Auditing.Tests.Support;

namespace Lazykick.Cli.Tests.Audit;

/// <summary>Kernels that tests assemble, as files of a directory that goes when the test ends.</summary>
internal sealed class KernelFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lazykick-test-");

    public string Path => _directory.FullName;

    public string Write(string name, TinyKernel kernel) => Write(name, kernel.Build());

    public string Write(string name, params byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
