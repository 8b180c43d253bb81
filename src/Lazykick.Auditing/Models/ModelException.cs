namespace Lazykick.Auditing.Models;

/// <summary>A model file that cannot be read.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong.</param>
public sealed class ModelException(string file, int line, string message) : Exception($"{file}:{line}: {message}");
