"""Made from templates/diff.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'diff.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_style_hash = resolve('style_hash')
    l_0_version = resolve('version')
    l_0_title = resolve('title')
    l_0_style = resolve('style')
    l_0_windows = resolve('windows')
    l_0_tally = resolve('tally')
    l_0_verdict = resolve('verdict')
    l_0_caveats = resolve('caveats')
    l_0_case = resolve('case')
    l_0_sections = resolve('sections')
    l_0_sides = resolve('sides')
    l_0_rules = resolve('rules')
    l_0_generated = resolve('generated')
    l_0_command = resolve('command')
    l_0_say = l_0_table = missing
    pass
    included_template = environment.get_template('parts.html', 'diff.html')._get_default_module(context)
    l_0_say = getattr(included_template, 'say', missing)
    if l_0_say is missing:
        l_0_say = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'diff.html') does not export the requested name 'say'", name='say')
    l_0_table = getattr(included_template, 'table', missing)
    if l_0_table is missing:
        l_0_table = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'diff.html') does not export the requested name 'table'", name='table')
    context.vars.update({'say': l_0_say, 'table': l_0_table})
    context.exported_vars.difference_update(('say', 'table'))
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'sha256-'
    yield escape((undefined(name='style_hash') if l_0_style_hash is missing else l_0_style_hash))
    yield '\'; base-uri \'none\'; form-action \'none\'">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n<meta name="generator" content="hivecheck '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield '">\n<title>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield ' - hivecheck</title>\n<style>'
    yield escape((undefined(name='style') if l_0_style is missing else l_0_style))
    yield '</style>\n</head>\n<body class="diff">\n<header class="cover">\n<div class="inside">\n<p class="brand">hivecheck <span>before and after</span></p>\n<h1>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield '</h1>\n'
    for l_1_sentence in (undefined(name='windows') if l_0_windows is missing else l_0_windows):
        _loop_vars = {}
        pass
        yield '<p class="windows">'
        yield escape(l_1_sentence)
        yield '</p>\n'
    l_1_sentence = missing
    yield '<p class="tally">'
    yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), (undefined(name='tally') if l_0_tally is missing else l_0_tally)))
    yield '</p>\n<p>'
    yield escape((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict))
    yield '</p>\n'
    for l_1_sentence in (undefined(name='caveats') if l_0_caveats is missing else l_0_caveats):
        _loop_vars = {}
        pass
        yield '<p class="caveat">'
        yield escape(l_1_sentence)
        yield '</p>\n'
    l_1_sentence = missing
    if (undefined(name='case') if l_0_case is missing else l_0_case):
        pass
        yield '<dl class="glance">\n'
        for (l_1_label, l_1_said) in (undefined(name='case') if l_0_case is missing else l_0_case):
            _loop_vars = {}
            pass
            yield '<div><dt>'
            yield escape(l_1_label)
            yield '</dt><dd>'
            yield escape(l_1_said)
            yield '</dd></div>\n'
        l_1_label = l_1_said = missing
        yield '</dl>\n'
    yield '</div>\n</header>\n<main>\n<nav aria-label="Parts of this page"><ul>'
    for (l_1_id, l_1_name, l_1__) in (undefined(name='sections') if l_0_sections is missing else l_0_sections):
        _loop_vars = {}
        pass
        yield '<li><a href="#'
        yield escape(l_1_id)
        yield '">'
        yield escape(l_1_name)
        yield '</a></li>'
    l_1_id = l_1_name = l_1__ = missing
    yield '</ul></nav>\n'
    yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), (undefined(name='sides') if l_0_sides is missing else l_0_sides)))
    yield '\n'
    for (l_1_id, l_1_name, l_1_blocks) in (undefined(name='sections') if l_0_sections is missing else l_0_sections):
        _loop_vars = {}
        pass
        yield '<section id="'
        yield escape(l_1_id)
        yield '">\n<h2>'
        yield escape(l_1_name)
        yield '</h2>\n'
        for (l_2_kind, l_2_it) in l_1_blocks:
            _loop_vars = {}
            pass
            if (l_2_kind == 'table'):
                pass
                yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
            else:
                pass
                yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
        l_2_kind = l_2_it = missing
        yield '</section>\n'
    l_1_id = l_1_name = l_1_blocks = missing
    yield '</main>\n<footer>\n<p>Made by hivecheck '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield ' (rules '
    yield escape((undefined(name='rules') if l_0_rules is missing else l_0_rules))
    yield ') at <time>'
    yield escape((undefined(name='generated') if l_0_generated is missing else l_0_generated))
    yield '</time> (UTC). This page needs no network and holds no script.</p>\n'
    if (undefined(name='command') if l_0_command is missing else l_0_command):
        pass
        yield '<p>Command: <code>'
        yield escape((undefined(name='command') if l_0_command is missing else l_0_command))
        yield '</code></p>\n'
    yield '</footer>\n</body>\n</html>'

blocks = {}
debug_info = '2=26&7=36&11=38&12=40&13=42&19=44&20=46&21=50&23=54&24=56&25=58&26=62&28=65&30=68&31=72&38=79&39=89&40=91&41=95&42=97&43=99&44=102&45=104&47=108&54=114&55=120&56=123'
