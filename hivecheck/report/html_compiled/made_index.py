"""Made from templates/index.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'index.html'

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
    l_0_tally = resolve('tally')
    l_0_glance = resolve('glance')
    l_0_tables = resolve('tables')
    l_0_rules = resolve('rules')
    l_0_generated = resolve('generated')
    l_0_command = resolve('command')
    l_0_say = missing
    pass
    included_template = environment.get_template('parts.html', 'index.html')._get_default_module(context)
    l_0_say = getattr(included_template, 'say', missing)
    if l_0_say is missing:
        l_0_say = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'index.html') does not export the requested name 'say'", name='say')
    context.vars['say'] = l_0_say
    context.exported_vars.discard('say')
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'sha256-'
    yield escape((undefined(name='style_hash') if l_0_style_hash is missing else l_0_style_hash))
    yield '\'; base-uri \'none\'; form-action \'none\'">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n<meta name="generator" content="hivecheck '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield '">\n<title>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield ' - hivecheck</title>\n<style>'
    yield escape((undefined(name='style') if l_0_style is missing else l_0_style))
    yield '</style>\n</head>\n<body class="index">\n<header class="cover">\n<div class="inside">\n<p class="brand">hivecheck <span>next-boot reports</span></p>\n<h1>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield '</h1>\n<p class="tally">'
    yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), (undefined(name='tally') if l_0_tally is missing else l_0_tally)))
    yield '</p>\n'
    if (undefined(name='glance') if l_0_glance is missing else l_0_glance):
        pass
        yield '<dl class="glance">\n'
        for (l_1_label, l_1_bits) in (undefined(name='glance') if l_0_glance is missing else l_0_glance):
            _loop_vars = {}
            pass
            yield '<div><dt>'
            yield escape(l_1_label)
            yield '</dt><dd>'
            yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_1_bits, _loop_vars=_loop_vars))
            yield '</dd></div>\n'
        l_1_label = l_1_bits = missing
        yield '</dl>\n'
    yield '</div>\n</header>\n<main>\n'
    for l_1_it in (undefined(name='tables') if l_0_tables is missing else l_0_tables):
        _loop_vars = {}
        pass
        yield '<table class="'
        yield escape(environment.getattr(l_1_it, 'kind'))
        yield '">\n<caption>'
        yield escape(environment.getattr(l_1_it, 'caption'))
        yield '</caption>\n<thead><tr>'
        for l_2_column in environment.getattr(l_1_it, 'columns'):
            _loop_vars = {}
            pass
            yield '<th scope="col">'
            yield escape(l_2_column)
            yield '</th>'
        l_2_column = missing
        yield '</tr></thead>\n<tbody>\n'
        for (l_2__, l_2_head, l_2_cells) in environment.getattr(l_1_it, 'rows'):
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_2_head, _loop_vars=_loop_vars))
            yield '</th>'
            for (l_3_label, l_3_bits) in l_2_cells:
                _loop_vars = {}
                pass
                yield '<td data-label="'
                yield escape(l_3_label)
                yield '">'
                yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_3_bits, _loop_vars=_loop_vars))
                yield '</td>'
            l_3_label = l_3_bits = missing
            yield '</tr>\n'
        l_2__ = l_2_head = l_2_cells = missing
        yield '</tbody>\n</table>\n'
    l_1_it = missing
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
debug_info = '2=22&7=29&11=31&12=33&13=35&19=37&20=39&21=41&23=44&24=48&31=55&32=59&33=61&34=63&36=71&37=75&44=91&45=97&46=100'
